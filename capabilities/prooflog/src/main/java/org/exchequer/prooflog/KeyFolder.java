package org.exchequer.prooflog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.exchequer.platform.infra.SmallFiles;

/** Keys as files of a folder, one each; an empty file remains of an erased one. */
final class KeyFolder implements SubjectKeyStore {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");

    private final Path folder;

    /** Opens the folder, or makes it. */
    KeyFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the keys' folder cannot be made: " + folder, e);
        }
    }

    @Override
    public Map<String, byte[]> find(Set<String> names) {
        Map<String, byte[]> found = new HashMap<>();
        for (String name : names) {
            Path file = file(name);
            try {
                if (Files.exists(file)) {
                    found.put(
                            name, HexFormat.of().parseHex(Files.readString(file).strip()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the subject's key cannot be read: " + file, e);
            } catch (IllegalArgumentException torn) {
                // By a crash while it was erased: zeros are no hexadecimal digits.
                found.put(name, new byte[0]);
            }
        }
        return found;
    }

    @Override
    public byte[] putIfAbsent(String name, byte[] wrapped) {
        Path file = file(name);
        Path fresh = file.resolveSibling("." + name + "." + UUID.randomUUID());
        try {
            Files.createDirectories(SmallFiles.parent(file));
            SmallFiles.write(fresh, HexFormat.of().formatHex(wrapped) + "\n");
            try {
                // A link appears whole or not at all, and never replaces a key that another thread made.
                Files.createLink(file, fresh);
                SmallFiles.sync(SmallFiles.parent(file));
                return wrapped;
            } catch (FileAlreadyExistsException e) {
                byte[] first = find(Set.of(name)).get(name);
                if (first == null) {
                    throw new ProofLogException("the key vanished: " + file, e);
                }
                return first;
            } finally {
                Files.delete(fresh);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the subject's key cannot be made: " + file, e);
        }
    }

    @Override
    public boolean erase(String name) {
        Path file = file(name);
        try {
            boolean had = Files.exists(file) && Files.size(file) > 0;
            Files.createDirectories(SmallFiles.parent(file));
            if (had) {
                // Overwritten in place first: the blocks of a replaced file would keep the key until they are reused.
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.allocate((int) channel.size()), 0);
                    channel.force(true);
                    channel.truncate(0);
                    channel.force(true);
                }
            } else if (!Files.exists(file)) {
                SmallFiles.write(file, "");
            }
            return had;
        } catch (IOException e) {
            throw new UncheckedIOException("the key was not erased: " + file, e);
        }
    }

    @Override
    public SortedMap<String, Boolean> names() {
        SortedMap<String, Boolean> names = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.filter(each ->
                            NAME.matcher(String.valueOf(each.getFileName())).matches())
                    .toList()) {
                names.put(String.valueOf(file.getFileName()), Files.size(file) > 0);
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException("the keys cannot be listed: " + folder, e);
        }
    }

    private Path file(String name) {
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }
}
