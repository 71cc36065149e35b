package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How to run PostgreSQL, which refuses root, when we are root.
 *
 * <p>First choice is a user namespace in which root appears as {@code nobody}: files keep their owner and every folder
 * stays reachable. Where the kernel or the container forbids that, the program becomes {@code nobody}, owns its files,
 * and keeps the one capability to reach them through folders closed to it.
 */
enum Unprivileged {
    /** We are not root: nothing to do. */
    AS_WE_ARE {
        @Override
        List<String> prefix() {
            return List.of();
        }

        @Override
        String owner() {
            return System.getProperty("user.name");
        }
    },
    /** A user namespace; nothing else changes. */
    NAMESPACE {
        @Override
        List<String> prefix() {
            return List.of("unshare", "--user", "--map-user=" + NOBODY_ID, "--map-group=" + NOBODY_ID);
        }

        @Override
        String owner() {
            return "root";
        }
    },
    /** Another user, who may pass through folders closed to it. */
    NOBODY {
        @Override
        List<String> prefix() {
            return List.of(
                    "setpriv",
                    "--reuid=nobody",
                    "--regid=" + NOBODY_ID,
                    "--clear-groups",
                    "--inh-caps=+dac_override",
                    "--ambient-caps=+dac_override");
        }

        @Override
        String owner() {
            return "nobody";
        }
    };

    private static final String NOBODY_ID = "65534";
    private static final int PROBE_SECONDS = 10;

    /** What to put in front of a command. */
    abstract List<String> prefix();

    /** Who owns the files such a command makes. */
    abstract String owner();

    /** The ways to try, in order, as the user we are. */
    static List<Unprivileged> forUs() {
        return areWeRoot() ? List.of(NAMESPACE, NOBODY) : List.of(AS_WE_ARE);
    }

    static boolean areWeRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /**
     * The first of the ways in which the program runs and its folder can be entered.
     *
     * @param program an executable that knows {@code --version}
     * @param folder where it will work
     */
    static Unprivileged choose(List<Unprivileged> ways, Path program, Path folder) throws InterruptedException {
        for (Unprivileged way : ways) {
            if (way == AS_WE_ARE || way.works(program, folder)) {
                return way;
            }
        }
        throw new InfrastructureException("PostgreSQL refuses to run as root, and neither unshare nor setpriv"
                + " (package util-linux) can start it as another user here; run as a normal user");
    }

    /** Whether commands can be run this way, in this folder. */
    boolean works(Path program, Path folder) throws InterruptedException {
        try {
            own(folder);
            List<String> command = new ArrayList<>(prefix());
            command.addAll(List.of(
                    "/bin/sh",
                    "-c",
                    "cd \"$2\" && test -x \"$1\" && exec \"$1\" --version",
                    "sh",
                    program.toString(),
                    folder.toString()));
            Process probe = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                probe.destroyForcibly();
                return false;
            }
            return probe.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /** Gives a folder and what is in it to the user that commands run as, where that is not so yet. */
    void own(Path folder) throws IOException {
        if (this == AS_WE_ARE) {
            return;
        }
        UserPrincipal user =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner());
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                return give(path);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                return give(path);
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            private FileVisitResult give(Path path) throws IOException {
                try {
                    if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                        Files.setOwner(path, user);
                    }
                } catch (NoSuchFileException deleted) {
                    return FileVisitResult.CONTINUE; // by a server of an earlier life that is only just ending
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
