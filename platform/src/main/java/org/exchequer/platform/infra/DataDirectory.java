package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The folder that holds everything one running program keeps; held by one process at a time.
 *
 * <p>The hold is a lock of the operating system on the file {@code lock}, so it ends with the process, however that
 * ends; the file itself stays and holds the last holder's process id.
 *
 * <p>Two bytes of the file are locked. Programs contend for the first, {@code HOLD}; the second, {@code SIGN}, tells
 * others that the directory is held. Who looks locks only the sign, for an instant, which a program that starts waits
 * out: looking never makes a start fail.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String NODE = "node";
    private static final String RESTORING = "restoring";
    private static final int LONGEST_PID = 20;
    private static final long HOLD = 0;
    private static final long SIGN = 1;

    /**
     * What this process holds, and the monitor of everything that touches lock files. Asked before one is touched:
     * closing any descriptor of it would give up the lock that another part of this process has on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final String nodeId;
    private final FileChannel lock;
    private boolean closed;

    private DataDirectory(Path path, String nodeId, FileChannel lock) {
        this.path = path;
        this.nodeId = nodeId;
        this.lock = lock;
    }

    /**
     * Makes the folder if need be (mode 0700), and takes it for this process alone.
     *
     * @throws DirectoryInUseException when another process has it
     * @throws InfrastructureException when it cannot be made or written
     */
    public static DataDirectory open(Path path) {
        try {
            Path real = Folders.make(path).toRealPath();
            requireOurs(real);
            if (!HELD.add(real)) {
                throw inUse(real, Optional.of(ProcessHandle.current().pid()));
            }
            try {
                return hold(real);
            } catch (IOException | RuntimeException e) {
                HELD.remove(real);
                throw e;
            }
        } catch (IOException e) {
            throw new InfrastructureException("data directory " + path + " cannot be used: " + e, e);
        }
    }

    /**
     * Marks an empty folder as one that is being made into a data directory, from a backup for instance: until {@link
     * #complete} nobody can open it, whatever happens.
     */
    public static void begin(Path path) {
        SmallFiles.write(path.resolve(RESTORING), "An interrupted restore leaves this file; delete the directory.");
    }

    /** Makes it a data directory, with an identity of its own. */
    public static void complete(Path path) {
        nodeId(path);
        try {
            Files.delete(path.resolve(RESTORING));
            SmallFiles.sync(path);
        } catch (IOException e) {
            throw new InfrastructureException("data directory " + path + " cannot be used: " + e, e);
        }
    }

    /** Identity of a directory that has been opened before; empty for another. */
    public static Optional<String> nodeOf(Path path) {
        return SmallFiles.read(path.resolve(NODE));
    }

    public Path path() {
        return path;
    }

    /** A random UUID made with the directory: the identity of the node that runs on it. */
    public String nodeId() {
        return nodeId;
    }

    /** A folder in it, made if need be (mode 0700). */
    public Path folder(String name) {
        try {
            return Folders.make(path.resolve(name));
        } catch (IOException e) {
            throw new InfrastructureException("cannot make folder " + path.resolve(name) + ": " + e, e);
        }
    }

    /** Process id of whoever holds the directory now; empty when nobody does or it does not exist. */
    public static Optional<Long> holder(Path path) {
        Path file = path.resolve(LOCK);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            synchronized (HELD) {
                if (HELD.contains(path.toRealPath())) {
                    return Optional.of(ProcessHandle.current().pid());
                }
                // Shared, so that two who look do not take each other for a holder.
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                        FileLock free = channel.tryLock(SIGN, 1, true)) {
                    return free == null ? pid(channel) : Optional.empty();
                }
            }
        } catch (IOException e) {
            throw new InfrastructureException("data directory " + path + " cannot be read: " + e, e);
        }
    }

    /** Lets another process have it. Safe to call twice. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            lock.close();
        } catch (IOException e) {
            throw new InfrastructureException("cannot release " + path + ": " + e, e);
        } finally {
            HELD.remove(path);
        }
    }

    private static DataDirectory hold(Path path) throws IOException {
        synchronized (HELD) {
            FileChannel lock = lock(path);
            try {
                return new DataDirectory(path, nodeId(path), lock);
            } catch (RuntimeException e) {
                lock.close();
                throw e;
            }
        }
    }

    /** A folder that holds anything must be one of ours: in another we would change files that are not ours. */
    private static void requireOurs(Path path) throws IOException {
        try (Stream<Path> content = Files.list(path)) {
            // The lock alone is what a start leaves that died between its first two files.
            boolean foreign =
                    content.anyMatch(file -> !file.getFileName().toString().equals(LOCK));
            if (Files.exists(path.resolve(RESTORING))) {
                throw new InfrastructureException("data directory " + path
                        + " holds a restore that was interrupted; delete it, and restore into a new one");
            }
            if (foreign && !Files.exists(path.resolve(NODE))) {
                throw new InfrastructureException("data directory " + path
                        + " is not empty and was not made by Exchequer; choose an empty or a new folder");
            }
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (channel.tryLock(HOLD, 1, false) == null) {
                throw inUse(path, pid(channel));
            }
            channel.lock(SIGN, 1, false);
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Optional<Long> pid(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_PID);
        channel.read(text, 0);
        String digits = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        // Empty for an instant, while the holder has locked the file and not yet written to it.
        return digits.matches("\\d{1,18}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    private static DirectoryInUseException inUse(Path path, Optional<Long> pid) {
        String holder = pid.map(number -> "process " + number).orElse("another process");
        return new DirectoryInUseException(
                "data directory " + path + " is in use by " + holder + "; stop it, or choose another directory");
    }

    private static String nodeId(Path path) {
        Path file = path.resolve(NODE);
        Optional<String> known = SmallFiles.read(file);
        if (known.isPresent()) {
            try {
                return UUID.fromString(known.get()).toString();
            } catch (IllegalArgumentException e) {
                throw new InfrastructureException(file + " must hold the node's UUID and does not", e);
            }
        }
        String made = UUID.randomUUID().toString();
        SmallFiles.write(file, made);
        return made;
    }
}
