package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
 * stays reachable. Where the kernel or the container forbids that, the program becomes {@code nobody} and owns its
 * files; where {@code nobody} cannot reach them through the folders above, it keeps the one capability to pass.
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
    /** Another user. */
    NOBODY {
        @Override
        List<String> prefix() {
            return List.of("setpriv", "--reuid=nobody", "--regid=" + NOBODY_ID, "--clear-groups");
        }

        @Override
        String owner() {
            return "nobody";
        }
    },
    /** Another user that may pass through folders closed to it. */
    NOBODY_PASSING {
        @Override
        List<String> prefix() {
            List<String> command = new ArrayList<>(NOBODY.prefix());
            command.addAll(List.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override"));
            return command;
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

    /**
     * Tries the ways in order and takes the first in which the program runs and its folder can be entered.
     *
     * @param program an executable that knows {@code --version}
     * @param folder where it will work
     */
    static Unprivileged choose(Path program, Path folder) throws InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return AS_WE_ARE;
        }
        for (Unprivileged way : List.of(NAMESPACE, NOBODY, NOBODY_PASSING)) {
            if (way.works(program, folder)) {
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
                    "cd \"$2\" && exec \"$1\" --version",
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

            private FileVisitResult give(Path path) throws IOException {
                if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                    Files.setOwner(path, user);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
