package org.exchequer.prooflog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.exchequer.platform.infra.SmallFiles;
import org.jspecify.annotations.Nullable;

/**
 * Where a process has its master key: given to it, or in a file of its data directory. Beside the file may lie the next
 * one, {@code .next}: it is written before keys are wrapped with it and takes the file's place afterwards, so whenever
 * the process dies, the one that fits the keys is here.
 */
public final class MasterKeys {
    /** Without one: nothing is sealed, and nothing opened. */
    public static final MasterKeys NONE = new MasterKeys(null, null, false);

    private final @Nullable MasterKey given;
    private final @Nullable Path file;
    private final boolean make;

    private MasterKeys(@Nullable MasterKey given, @Nullable Path file, boolean make) {
        this.given = given;
        this.file = file;
        this.make = make;
    }

    public static MasterKeys given(MasterKey key) {
        return new MasterKeys(key, null, false);
    }

    /** @param make whether one is made when there is neither a file nor anything that was wrapped */
    public static MasterKeys file(Path file, boolean make) {
        return new MasterKeys(null, file, make);
    }

    /**
     * The master key that unwraps this.
     *
     * @param wrapped some key that was wrapped with it
     * @return empty only of {@link #NONE}
     * @throws WrongMasterKeyException when there is none here that does
     */
    public Optional<MasterKey> opening(byte[] about, byte[] wrapped) {
        if (given != null) {
            return Optional.of(fitting(given, about, wrapped)
                    .orElseThrow(() -> wrong("EXCHEQUER_MASTER_KEY is another master key than the ledger's: set the one"
                            + " that its personal data was sealed under")));
        }
        if (file == null) {
            return Optional.empty();
        }
        Optional<MasterKey> present = read(file).flatMap(key -> fitting(key, about, wrapped));
        if (present.isPresent()) {
            return present;
        }
        Optional<MasterKey> next = read(next(file)).flatMap(key -> fitting(key, about, wrapped));
        if (next.isPresent()) {
            settle();
            return next;
        }
        throw wrong(
                Files.exists(file)
                        ? file + " is another master key than the ledger's: put back the one that its personal data was"
                                + " sealed under, or set EXCHEQUER_MASTER_KEY"
                        : "the ledger has sealed personal data, and its master key is not here: set"
                                + " EXCHEQUER_MASTER_KEY, or put the key's file at " + file);
    }

    /** The one for a ledger that has sealed nothing yet; made where that was wanted. */
    public Optional<MasterKey> first() {
        if (given != null || file == null) {
            return Optional.ofNullable(given);
        }
        Optional<MasterKey> present = read(file);
        if (present.isEmpty() && make) {
            MasterKey fresh = MasterKey.random();
            SmallFiles.write(file, fresh.text() + "\n");
            return Optional.of(fresh);
        }
        return present;
    }

    /** Makes another and keeps it beside the present one, durably; empty where the key is not in a file. */
    public Optional<MasterKey> prepareNext() {
        if (file == null) {
            return Optional.empty();
        }
        MasterKey next = MasterKey.random();
        SmallFiles.write(next(file), next.text() + "\n");
        return Optional.of(next);
    }

    /** Puts what {@link #prepareNext} made in the present one's place. */
    public void settle() {
        if (file != null) {
            try {
                Files.move(next(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                SmallFiles.sync(SmallFiles.parent(file));
            } catch (IOException e) {
                throw new UncheckedIOException("the new master key cannot take its place: " + file, e);
            }
        }
    }

    private static Path next(Path file) {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    private static Optional<MasterKey> read(Path file) {
        return SmallFiles.read(file).map(text -> MasterKey.parse(file.toString(), text));
    }

    private static Optional<MasterKey> fitting(MasterKey key, byte[] about, byte[] wrapped) {
        try {
            key.unwrap(about, wrapped);
            return Optional.of(key);
        } catch (WrongMasterKeyException other) {
            return Optional.empty();
        }
    }

    private static WrongMasterKeyException wrong(String message) {
        return new WrongMasterKeyException(message);
    }
}
