package org.exchequer.console.edge;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the frame around every page needs.
 *
 * @param groups navigation, grouped
 * @param path the page asked for
 * @param user name of the person, or null before login
 * @param roles what the person may be
 * @param mayPost whether forms that post are shown
 * @param mayOperate whether forms that open, change and reverse are shown
 * @param mayControl whether forms that decide and close days are shown
 * @param assets logical name → address of a stylesheet, script or image
 */
public record Shell(
        List<Group> groups,
        String path,
        @Nullable String user,
        List<String> roles,
        boolean mayPost,
        boolean mayOperate,
        boolean mayControl,
        Map<String, String> assets) {

    /** Lines of the navigation under one heading, which may be empty. */
    public record Group(String heading, List<NavEntry> entries) {}

    /** Whether a navigation line is the page asked for or stands above it. */
    public boolean at(NavEntry entry) {
        return groups.stream()
                .flatMap(group -> group.entries().stream())
                .filter(other -> path.equals(other.path()) || isUnder(other))
                .max((a, b) -> Integer.compare(a.path().length(), b.path().length()))
                .map(entry::equals)
                .orElse(false);
    }

    /** Everything is under the overview, which therefore stands for itself only. */
    private boolean isUnder(NavEntry entry) {
        return !entry.path().equals("/console") && path.startsWith(entry.path() + "/");
    }
}
