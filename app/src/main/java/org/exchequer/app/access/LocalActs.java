package org.exchequer.app.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.exchequer.platform.infra.SmallFiles;
import org.exchequer.platform.module.Role;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Acts on the command line that belong into the access log although no door sees them: a token made, a subject erased.
 * Each is a file, durable before the act happens, which the program takes into the log within a second or at its next
 * start. A crash between taking one in and deleting it leaves the act in the log twice, never not at all. Whoever may
 * write the data directory may also delete such a file before it is taken in: he holds all keys anyway.
 */
public final class LocalActs {
    /** Folder in the data directory. */
    public static final String FOLDER = "access-acts";

    private static final Logger LOG = LoggerFactory.getLogger(LocalActs.class);
    private static final Pattern NAME = Pattern.compile("[0-9]{15}-[0-9a-f-]{36}\\.json");
    private static final int MOST_BYTES = 64 << 10;
    private static final int LONGEST = 4_096;

    private final Path folder;

    /** @param data the data directory; need not have any acts yet */
    public LocalActs(Path data) {
        this.folder = data.resolve(FOLDER);
    }

    /**
     * An act that was left.
     *
     * @param at when, as an ISO 8601 time in UTC
     * @param act what was done, e.g. {@code token for mary as teller, 8h}
     */
    record Act(String at, String caller, Set<Role> roles, String act) {}

    /** Leaves an act, durably. */
    public void leave(String caller, Set<Role> roles, String act, Clock clock) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("no act can be left in " + folder, e);
        }
        String name = String.format("%015d-%s.json", clock.millis(), UUID.randomUUID());
        String bounded = act.length() > LONGEST ? act.substring(0, LONGEST) : act;
        Act left = new Act(clock.instant().toString(), caller, roles, bounded);
        SmallFiles.write(folder.resolve(name), JsonMapper.shared().writeValueAsString(left));
    }

    /** The files that wait, oldest first. */
    List<Path> waiting() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("acts cannot be read in " + folder, e);
        }
    }

    /** What a file holds; null when it is none of ours, which is set aside. */
    @Nullable
    Act read(Path file) {
        try {
            if (Files.size(file) <= MOST_BYTES) {
                Act act = JsonMapper.shared().readValue(Files.readString(file), Act.class);
                Set<Role> roles = EnumSet.noneOf(Role.class);
                roles.addAll(act.roles());
                return new Act(act.at(), act.caller(), roles, act.act());
            }
        } catch (JacksonException | NullPointerException | IOException e) {
            LOG.warn("{} holds no act", file, e);
        }
        try {
            Files.move(file, file.resolveSibling(file.getFileName() + ".refused"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be set aside: " + file, e);
        }
        return null;
    }

    void taken(Path file) {
        try {
            Files.delete(file);
            SmallFiles.sync(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("an act was taken in, but cannot be deleted: " + file, e);
        }
    }
}
