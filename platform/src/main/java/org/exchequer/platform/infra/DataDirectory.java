package org.exchequer.platform.infra;

import java.nio.file.Path;

/** The folder that holds everything one running program keeps; held by one process at a time. */
public final class DataDirectory implements AutoCloseable {
    private DataDirectory() {}

    /**
     * Makes the folder if need be (mode 0700), and takes it for this process alone.
     *
     * @throws DirectoryInUseException when another process has it
     */
    public static DataDirectory open(Path path) {
        throw new UnsupportedOperationException("not yet");
    }

    public Path path() {
        throw new UnsupportedOperationException("not yet");
    }

    /** A random UUID made with the directory: the identity of the node that runs on it. */
    public String nodeId() {
        throw new UnsupportedOperationException("not yet");
    }

    /** A folder in it, made if need be (mode 0700). */
    public Path folder(String name) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Lets another process have it. Safe to call twice. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not yet");
    }
}
