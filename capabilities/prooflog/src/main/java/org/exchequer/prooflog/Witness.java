package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.exchequer.platform.infra.SmallFiles;

/**
 * Watches a log from outside: remembers the last checkpoint it saw and cosigns a new one (C2SP tlog-cosignature, v1)
 * only when the log it stands for begins with the one before. Who has a cosigned checkpoint thus knows that the witness
 * never saw another version of those entries. Run it where the log's operator cannot reach its folder and key.
 *
 * <p>The folder holds {@code witness.key}, {@code witness.vkey}, {@code log.vkey} (the log's key at first sight), and
 * {@code cosigned/}: a file per hour (UTC) with the checkpoints cosigned in it, of past hours the last one.
 */
public final class Witness {
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH'Z'").withZone(ZoneOffset.UTC);

    /** What came of a look at the log. */
    public sealed interface Seen {
        /** The checkpoint is new, consistent, and now cosigned. */
        record Cosigned(SignedNote note, Checkpoint checkpoint) implements Seen {}

        /** The checkpoint is the one already cosigned. */
        record NothingNew(long size) implements Seen {}

        /** It contradicts what was seen before, or is not the log's at all; nothing was signed. */
        record Refused(String reason) implements Seen {}
    }

    private final Path folder;
    private final SigningKey key;
    private final NoteKey log;
    private final Clock clock;
    private Optional<Checkpoint> last = Optional.empty();

    /**
     * Opens a witness's folder, or makes it.
     *
     * @param name of the witness, e.g. {@code witness.example.com/w1}
     * @param log the key of the log; must be the one of the first time
     * @throws ProofLogException when the folder cannot be used, or knows another log
     */
    public static Witness open(Path folder, String name, NoteKey log, Clock clock) {
        try {
            Files.createDirectories(folder.resolve("cosigned"));
            Path pinned = folder.resolve("log.vkey");
            Optional<String> known = SmallFiles.read(pinned);
            if (known.isEmpty()) {
                SmallFiles.write(pinned, log.vkey() + "\n");
            } else if (!known.get().equals(log.vkey())) {
                throw new ProofLogException("this witness knows its log by another key: " + known.get());
            }
            SigningKey key = SigningKey.open(folder.resolve("witness.key"), name, NoteKey.Kind.WITNESS);
            Witness witness = new Witness(folder, key, log, clock);
            witness.recall();
            return witness;
        } catch (IOException | MalformedNoteException e) {
            throw new ProofLogException("the witness's folder " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Witness(Path folder, SigningKey key, NoteKey log, Clock clock) {
        this.folder = folder;
        this.key = key;
        this.log = log;
        this.clock = clock;
    }

    /** Finds the last checkpoint; a note that was being written when the process died was shown to nobody. */
    private void recall() throws IOException, MalformedNoteException {
        for (Path file : files().reversed()) {
            String text = Files.readString(file);
            List<SignedNote> notes = SignedNote.parseAll(text);
            int whole = notes.stream().mapToInt(note -> note.render().length()).sum();
            if (whole < text.length()) {
                SmallFiles.write(file, text.substring(0, whole));
            }
            if (!notes.isEmpty()) {
                last = Optional.of(Checkpoint.of(notes.getLast()));
                return;
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cosigned"))) {
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** The witness's public key. */
    public NoteKey key() {
        return key.key();
    }

    /** The last checkpoint it cosigned. */
    public Optional<Checkpoint> last() {
        return last;
    }

    /**
     * Looks at the log, and cosigns its checkpoint if it is new and consistent with the last.
     *
     * @throws IOException when the log cannot be read; nothing is known then, and nothing signed
     */
    public Seen look(LogSource source) throws IOException {
        SignedNote note;
        Checkpoint now;
        try {
            note = source.checkpoint();
            now = Checkpoint.of(note);
        } catch (MalformedNoteException e) {
            return new Seen.Refused("the log's checkpoint: " + e.getMessage());
        }
        if (!log.signed(note) || !now.origin().equals(log.name())) {
            return new Seen.Refused("the checkpoint is not signed by " + log.name());
        }
        Checkpoint before = last.orElse(new Checkpoint(log.name(), 0, MerkleTree.emptyRoot()));
        if (now.same(before)) {
            return new Seen.NothingNew(now.size());
        }
        Optional<String> objection = objection(before, now, source);
        if (objection.isPresent()) {
            // Two checkpoints signed by the log that contradict each other are the proof of what it did.
            SmallFiles.write(folder.resolve("refused"), note.render());
            return new Seen.Refused(objection.get());
        }
        Instant at = clock.instant();
        SignedNote cosigned = note.with(key.signature(note, at));
        remember(cosigned, at);
        last = Optional.of(now);
        return new Seen.Cosigned(cosigned, now);
    }

    private static Optional<String> objection(Checkpoint before, Checkpoint now, LogSource source) throws IOException {
        if (now.size() < before.size()) {
            return Optional.of("rollback: the log has signed " + now.size() + " entries, it had " + before.size());
        }
        if (now.size() == before.size()) {
            return Optional.of("fork: the log has signed another root for the same " + now.size() + " entries");
        }
        MerkleTree.Nodes nodes =
                new TileNodes((level, index, width) -> source.tile(new TilePath(level, index, width)), now.size());
        boolean consistent = before.size() == 0
                ? Arrays.equals(MerkleTree.root(nodes, now.size()), now.root())
                : MerkleTree.verifyConsistency(
                        before.size(),
                        now.size(),
                        before.root(),
                        now.root(),
                        MerkleTree.consistencyProof(nodes, before.size(), now.size()));
        return consistent
                ? Optional.empty()
                : Optional.of("fork: the log of " + now.size() + " entries does not begin with the " + before.size()
                        + " that were there before");
    }

    private void remember(SignedNote cosigned, Instant at) throws IOException {
        Path file = folder.resolve("cosigned").resolve(HOUR.format(at));
        if (!Files.exists(file)) {
            for (Path past : files()) {
                thin(past);
            }
        }
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(cosigned.render().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        SmallFiles.sync(folder.resolve("cosigned"));
    }

    private static void thin(Path past) throws IOException {
        try {
            List<SignedNote> notes = SignedNote.parseAll(Files.readString(past));
            if (notes.size() > 1) {
                SmallFiles.write(past, notes.getLast().render());
            }
        } catch (MalformedNoteException e) {
            throw new IOException(past + " is damaged: " + e.getMessage(), e);
        }
    }
}
