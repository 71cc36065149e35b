package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.exchequer.platform.infra.SmallFiles;
import org.jspecify.annotations.Nullable;

/**
 * An append-only log of entries in a directory, with a Merkle tree over them (RFC 9162) and signed checkpoints of it.
 * Whoever holds a checkpoint can tell whether the log still has what it had then.
 *
 * <p>Callers say where an entry goes: its position is theirs, e.g. a journal's sequence. Appending again what is there
 * changes nothing, so that after a crash one appends from any position at or before {@link #size}. Appended entries are
 * durable after {@link #commit}, one fsync for all that wait. Safe for use by several threads, which must agree on the
 * positions. One process at a time has a log open.
 *
 * <p>After an error of the disk the log refuses everything until it is opened again: what the disk kept is then looked
 * up rather than guessed.
 */
public final class ProofLog implements AutoCloseable {
    /** Longest entry, in bytes: entry bundles (C2SP tlog-tiles) give two bytes for the length. */
    public static final int MOST_ENTRY_BYTES = 0xffff;

    /** The file in the directory with the newest signed checkpoint. */
    public static final String CHECKPOINT = "checkpoint";

    /**
     * The file in the directory where somebody may put a checkpoint that witnesses cosigned: bundles of the entries in
     * it then carry their signatures.
     */
    public static final String COSIGNED = "cosigned";

    private static final long MOST_NOTE_BYTES = 1 << 16;
    private static final int GROUP_BYTES = 8 << 20;

    /**
     * Where a log is and what it is called.
     *
     * @param folder its directory, made when missing
     * @param origin its name in checkpoints (C2SP tlog-checkpoint): neither spaces nor plus signs
     * @param archive where full segments go by {@link #retain}; usually {@code folder/archive}
     * @param checkedAtOpen how many of the newest entries are read and compared with their hashes at each opening
     * @param receipt where its key is kept as well, see {@link Receipts}; empty for nowhere
     */
    public record Settings(Path folder, String origin, Path archive, long checkedAtOpen, Optional<Path> receipt) {
        private static final long CHECKED = 1_000_000;

        /** The usual settings: an archive inside, and the newest million entries checked. */
        public static Settings of(Path folder, String origin) {
            return new Settings(folder, origin, folder.resolve("archive"), CHECKED, Optional.empty());
        }

        /** The same of the log of this name in a data directory, which keeps the log's key beside it as well. */
        public static Settings in(Path data, String name, String origin) {
            Path folder = Receipts.folder(data, name);
            return new Settings(
                    folder, origin, folder.resolve("archive"), CHECKED, Optional.of(Receipts.of(data, name)));
        }

        /**
         * The same of a log in a part of a data directory, which keeps the log's key at its top, so that it is missed
         * when the whole part is gone.
         *
         * @param part a folder in a folder of the data directory, e.g. {@code shards/s1}; the key of its log {@code
         *     ledger} is kept as that of {@code s1-ledger}
         */
        public static Settings in(Path data, Path part, String name, String origin) {
            Settings within = in(data.resolve(part), name, origin);
            return new Settings(
                    within.folder(),
                    origin,
                    within.archive(),
                    CHECKED,
                    Optional.of(Receipts.of(data, part.getFileName() + "-" + name)));
        }
    }

    /** What can be shown of an entry. */
    public sealed interface Proof {
        /** It is in the log of the newest checkpoint. */
        record Included(ProofBundle bundle) implements Proof {}

        /** It is not in the newest checkpoint; {@code size} entries are. */
        record NotSigned(long size) implements Proof {}

        /** It was deleted by policy; the log still has its hash. */
        record Purged(byte[] leafHash) implements Proof {}
    }

    /** What {@link #retain} did: segments moved and deleted, and the position before which entries are gone. */
    public record Retained(int archived, int purged, long purgedThrough) {}

    private record Signed(SignedNote note, Checkpoint checkpoint) {}

    /** Entries that wait for the next fsync. */
    private static final class Group {
        final long from;
        final List<byte[]> leaves = new ArrayList<>();
        byte[] bytes = new byte[1 << 16];
        int length;

        Group(long from) {
            this.from = from;
        }

        long end() {
            return from + leaves.size();
        }

        void add(byte[] entry, byte[] leaf) {
            int needed = length + 2 + entry.length;
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
            }
            bytes[length] = (byte) (entry.length >> 8);
            bytes[length + 1] = (byte) entry.length;
            System.arraycopy(entry, 0, bytes, length + 2, entry.length);
            length = needed;
            leaves.add(leaf);
        }
    }

    private final Path folder;
    private final FileChannel lockFile;
    private final SigningKey key;
    private final Path entries;
    private final HashFiles hashes;
    private final Bundles bundles;
    private final Retention retention;

    // Of whoever is busy.
    private final Frontier frontier;
    private Segment active;
    private long activeLength;
    private int slot;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private boolean busy;
    private Group group;
    private @Nullable Group inFlight;
    private volatile @Nullable Throwable failure;

    private volatile long size;
    private volatile Signed signed;

    /**
     * Opens the log, or makes it when the directory has none.
     *
     * @throws DamagedLogException when bytes differ from those that were written
     * @throws ProofLogException when the directory or its key cannot be used, another process has it, or there is a
     *     receipt for a log that is not there
     */
    public static ProofLog open(Settings settings) {
        try {
            Files.createDirectories(
                    settings.folder(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel lockFile = FileChannel.open(
                    settings.folder().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (tryLock(lockFile) == null) {
                    throw new ProofLogException("another process has the log " + settings.folder() + " open");
                }
                settings.receipt().ifPresent(receipt -> Receipts.require(receipt, settings.folder()));
                ProofLog log = new ProofLog(settings, lockFile);
                settings.receipt().ifPresent(log::leave);
                return log;
            } catch (IOException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ProofLogException("cannot open the log " + settings.folder() + ": " + e, e);
        }
    }

    private void leave(Path receipt) {
        if (Files.exists(receipt)) {
            return;
        }
        try {
            SmallFiles.write(receipt, key.key().vkey() + "\n");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private ProofLog(Settings settings, FileChannel lockFile) throws IOException {
        this.folder = settings.folder();
        this.lockFile = lockFile;
        this.entries = folder.resolve("entries");
        Files.createDirectories(entries);
        Files.createDirectories(folder.resolve("hashes"));
        this.key = SigningKey.open(folder.resolve("log.key"), settings.origin(), NoteKey.Kind.LOG);
        this.bundles = new Bundles(entries, settings.archive());
        this.retention = new Retention(folder, settings.archive(), key);
        if (!Files.exists(folder.resolve(CHECKPOINT))) {
            create();
        }
        this.signed = readCheckpoint();
        this.hashes = HashFiles.open(folder.resolve("hashes"), true);
        try {
            Recovery.State state = new Recovery(
                            entries, bundles, hashes, signed.checkpoint(), retention.purgedThrough())
                    .run(settings.checkedAtOpen());
            this.frontier = state.frontier();
            this.active = state.active();
            this.activeLength = state.mark().length();
            this.slot = state.mark().slot();
            this.size = state.mark().size();
            this.group = new Group(size);
        } catch (IOException | RuntimeException e) {
            hashes.close();
            throw e;
        }
    }

    /** The checkpoint comes last: with it, the log is there. */
    private void create() throws IOException {
        List<Long> segments = Recovery.numbers(entries);
        if (segments.size() > 1
                || (segments.size() == 1
                        && Files.size(entries.resolve(Segment.name(segments.getFirst()))) > Segment.HEADER)) {
            throw new DamagedLogException(0, "there are entries, but the checkpoint is missing");
        }
        Segment.create(entries, 0, MerkleTree.emptyRoot()).close();
        SmallFiles.sync(folder);
        write(new Checkpoint(key.key().name(), 0, MerkleTree.emptyRoot()));
    }

    private Signed readCheckpoint() throws IOException {
        try {
            SignedNote note = SignedNote.parse(Files.readString(folder.resolve(CHECKPOINT)));
            Checkpoint checkpoint = Checkpoint.of(note);
            if (!key.key().signed(note) || !checkpoint.origin().equals(key.key().name())) {
                throw new DamagedLogException(
                        0, "the checkpoint is not signed by " + key.key().name());
            }
            return new Signed(note, checkpoint);
        } catch (MalformedNoteException e) {
            throw new DamagedLogException(0, "the checkpoint: " + e.getMessage());
        }
    }

    private Signed write(Checkpoint checkpoint) {
        SignedNote note = key.sign(checkpoint.text(), Instant.EPOCH);
        SmallFiles.write(folder.resolve(CHECKPOINT), note.render());
        return new Signed(note, checkpoint);
    }

    /** The log's public key; its name is the log's origin. */
    public NoteKey key() {
        return key.key();
    }

    /** How many entries are durable. The next append after a start is at this position at the latest. */
    public long size() {
        return size;
    }

    /**
     * Puts an entry at a position; durable after {@link #commit}, which this does by itself when much waits.
     *
     * @param position at most the one after the last appended; before that, the same bytes must be there
     * @param entry at most {@link #MOST_ENTRY_BYTES}
     * @throws PositionConflictException when other bytes are at the position, or entries before it are missing
     */
    public void append(long position, byte[] entry) {
        if (entry.length > MOST_ENTRY_BYTES) {
            throw new IllegalArgumentException("position " + position + ": an entry has at most " + MOST_ENTRY_BYTES
                    + " bytes, not " + entry.length);
        }
        byte[] leaf = MerkleTree.leafHash(entry);
        boolean full;
        lock.lock();
        try {
            requireUsable();
            if (position == group.end()) {
                group.add(entry, leaf);
            } else {
                requireSame(position, leaf);
            }
            full = group.length > GROUP_BYTES;
        } finally {
            lock.unlock();
        }
        if (full) {
            commit();
        }
    }

    private void requireSame(long position, byte[] leaf) {
        if (position < 0 || position > group.end()) {
            throw new PositionConflictException(position, "the next one is " + group.end());
        }
        if (!Arrays.equals(leaf, known(position))) {
            throw new PositionConflictException(position, "another entry is there already");
        }
    }

    private byte[] known(long position) {
        Group flying = inFlight;
        if (position >= group.from) {
            return group.leaves.get((int) (position - group.from));
        }
        if (flying != null && position >= flying.from) {
            return flying.leaves.get((int) (position - flying.from));
        }
        try {
            return hashes.leaf(position);
        } catch (IOException e) {
            throw new ProofLogException("cannot read the hash at position " + position, e);
        }
    }

    /**
     * Makes durable what was appended before. Threads that call it meanwhile share the next fsync.
     *
     * @return how many entries are durable
     */
    public long commit() {
        Group taken;
        lock.lock();
        try {
            long mine = group.end();
            // Whoever was not first waits here for one fsync, not for a turn of its own: the next takes all along.
            while (busy && size < mine) {
                idle.awaitUninterruptibly();
            }
            requireUsable();
            if (size >= mine) {
                return size;
            }
            busy = true;
            taken = group;
            inFlight = taken;
            group = new Group(taken.end());
        } finally {
            lock.unlock();
        }
        try {
            write(taken);
            return size;
        } catch (IOException e) {
            failure = e;
            throw new ProofLogException("the log " + folder + " cannot be written: " + e, e);
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            leave();
        }
    }

    /** Waits until nobody writes, and keeps others from it until {@link #leave}. */
    private void enter() {
        lock.lock();
        try {
            while (busy) {
                idle.awaitUninterruptibly();
            }
            busy = true;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            busy = false;
            inFlight = null;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write(Group taken) throws IOException {
        long position = taken.from;
        int at = 0;
        while (position < taken.end()) {
            if (position == (active.number() + 1) * Segment.ENTRIES) {
                active.close();
                active = Segment.create(entries, position / Segment.ENTRIES, frontier.root());
                activeLength = Segment.HEADER;
                slot = 0;
            }
            long until = Math.min(taken.end(), (active.number() + 1) * Segment.ENTRIES);
            int begin = at;
            for (; position < until; position++) {
                bundles.begins(position, activeLength + at - begin);
                frontier.push(
                        taken.leaves.get((int) (position - taken.from)),
                        (level, index, hash) -> hashes.append(level, hash));
                at += 2 + ((taken.bytes[at] & 0xff) << 8 | taken.bytes[at + 1] & 0xff);
            }
            active.write(ByteBuffer.wrap(taken.bytes, begin, at - begin), activeLength);
            activeLength += at - begin;
            slot = 1 - slot;
            active.mark(new Segment.Mark(position, activeLength, frontier.root(), slot));
            active.force();
        }
        hashes.flush();
        size = position;
    }

    /** The newest signed checkpoint. */
    public SignedNote checkpoint() {
        return signed.note();
    }

    /** How many entries the newest checkpoint signs. */
    public long signedSize() {
        return signed.checkpoint().size();
    }

    /**
     * Signs a checkpoint of all that is durable and replaces the one before; does nothing when nothing is new.
     *
     * @throws DamagedLogException when the hashes on disk do not continue what was signed before: nothing is signed
     */
    public SignedNote publish() {
        enter();
        try {
            requireUsable();
            Signed before = signed;
            if (size > before.checkpoint().size()) {
                Checkpoint next = new Checkpoint(key.key().name(), size, frontier.root());
                hashes.force();
                requireContinues(before.checkpoint(), next);
                signed = write(next);
            }
            return signed.note();
        } catch (IOException e) {
            failure = e;
            throw new ProofLogException("the checkpoint cannot be signed: " + e, e);
        } finally {
            leave();
        }
    }

    private void requireContinues(Checkpoint before, Checkpoint next) throws IOException {
        MerkleTree.Nodes nodes = new TileNodes(hashes, next.size());
        boolean continues = before.size() == 0
                ? Arrays.equals(MerkleTree.root(nodes, next.size()), next.root())
                : MerkleTree.verifyConsistency(
                        before.size(),
                        next.size(),
                        before.root(),
                        next.root(),
                        MerkleTree.consistencyProof(nodes, before.size(), next.size()));
        if (!continues) {
            throw new DamagedLogException(
                    before.size(), "the hashes do not lead from the checkpoint before to the new one");
        }
    }

    /**
     * The bundle that shows an entry, under the checkpoint in {@link #COSIGNED} where that has it, else the newest.
     *
     * @throws DamagedLogException when the log cannot show what it signed
     */
    public Proof prove(long position) {
        Signed newest = signed;
        if (position < 0 || position >= newest.checkpoint().size()) {
            return new Proof.NotSigned(newest.checkpoint().size());
        }
        try {
            Signed under = cosigned(newest)
                    .filter(watched -> position < watched.checkpoint().size())
                    .orElse(newest);
            Optional<byte[]> entry = bundles.entry(position);
            if (entry.isEmpty()) {
                return new Proof.Purged(hashes.leaf(position));
            }
            ProofBundle bundle = new ProofBundle(entry.get(), position, inclusion(position, under), under.note());
            if (!bundle.holds(key.key())) {
                throw new DamagedLogException(position, "the entry is not what was signed");
            }
            return new Proof.Included(bundle);
        } catch (IOException | MalformedNoteException e) {
            throw new ProofLogException("position " + position + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What witnesses cosigned and somebody put here; passed over when it is no checkpoint of this log as it is. */
    private Optional<Signed> cosigned(Signed newest) throws IOException {
        Path file = folder.resolve(COSIGNED);
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_NOTE_BYTES) {
            return Optional.empty();
        }
        try {
            SignedNote note = SignedNote.parse(Files.readString(file));
            Checkpoint of = Checkpoint.of(note);
            boolean ours = key.key().signed(note)
                    && of.origin().equals(key.key().name())
                    && of.size() <= newest.checkpoint().size()
                    && Arrays.equals(MerkleTree.root(new TileNodes(hashes, of.size()), of.size()), of.root());
            return ours ? Optional.of(new Signed(note, of)) : Optional.empty();
        } catch (MalformedNoteException | CharacterCodingException other) {
            return Optional.empty();
        }
    }

    private List<byte[]> inclusion(long position, Signed under) throws IOException {
        long leaves = under.checkpoint().size();
        return MerkleTree.inclusionProof(new TileNodes(hashes, leaves), position, leaves);
    }

    /** The entry at a durable position; empty when it was purged, or is not there yet. */
    public Optional<byte[]> entry(long position) {
        try {
            return position < 0 || position >= size ? Optional.empty() : bundles.entry(position);
        } catch (IOException e) {
            throw new ProofLogException("position " + position + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The durable entry at this position and those before it in the same bundle of 256, in order: for reading
     * backwards. Empty when they were purged, or are not there yet.
     */
    public List<byte[]> entriesTo(long position) {
        try {
            return position < 0 || position >= size ? List.of() : bundles.entriesTo(position);
        } catch (IOException e) {
            throw new ProofLogException("position " + position + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What the log serves (C2SP tlog-tiles): {@code checkpoint}, {@code tile/<L>/<N>[.p/<W>]} and {@code
     * tile/entries/<N>[.p/<W>]}, as far as the newest checkpoint goes.
     *
     * @param path without leading slash
     * @return empty when there is no such thing, or it was purged
     */
    public Optional<byte[]> resource(String path) {
        Signed under = signed;
        if (path.equals(CHECKPOINT)) {
            return Optional.of(under.note().render().getBytes(StandardCharsets.UTF_8));
        }
        Optional<TilePath> tile = TilePath.parse(path);
        if (tile.isEmpty()) {
            return Optional.empty();
        }
        TilePath asked = tile.get();
        if (asked.width()
                > TilePath.widthAt(
                        asked.level(), asked.index(), under.checkpoint().size())) {
            return Optional.empty();
        }
        try {
            return asked.level() == TilePath.ENTRIES
                    ? bundles.bundle(asked.index(), asked.width())
                    : Optional.of(hashes.tile(asked.level(), asked.index(), asked.width()));
        } catch (IOException e) {
            throw new ProofLogException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Moves full, signed segments to the archive and deletes archived ones as the policy says, and records it. */
    public Retained retain(RetentionPolicy policy, Instant now) {
        enter();
        try {
            requireUsable();
            Retention.Done done = retention.run(policy, now, signed.checkpoint().size() / Segment.ENTRIES);
            return new Retained(done.archived(), done.purged(), done.purgedThrough());
        } catch (IOException e) {
            throw new ProofLogException("segments cannot be archived or purged: " + e, e);
        } finally {
            leave();
        }
    }

    private void requireUsable() {
        Throwable cause = failure;
        if (cause != null) {
            throw new ProofLogException("the log " + folder + " must be opened again: " + cause.getMessage(), cause);
        }
    }

    /** Makes durable and signs what was appended, and lets the directory go. */
    @Override
    public void close() {
        try {
            if (failure == null) {
                commit();
                publish();
            }
        } finally {
            enter();
            try {
                active.close();
                hashes.close();
                lockFile.close();
                failure = failure == null ? new IllegalStateException("it was closed") : failure;
            } catch (IOException e) {
                failure = e;
            } finally {
                leave();
            }
        }
    }
}
