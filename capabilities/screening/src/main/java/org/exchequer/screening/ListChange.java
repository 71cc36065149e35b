package org.exchequer.screening;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two versions of a list, in the order of the lists.
 *
 * @param before null where the list is new
 * @param changed parties of the same number of which anything is told otherwise
 */
public record ListChange(
        @Nullable ListVersion before,
        ListVersion after,
        List<ListedParty> added,
        List<ListedParty> removed,
        List<Changed> changed) {
    public ListChange {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    /** A party as it was and as it is. */
    public record Changed(ListedParty before, ListedParty after) {}

    public static ListChange between(@Nullable SanctionsList before, SanctionsList after) {
        Map<String, ListedParty> old = new HashMap<>();
        if (before != null) {
            before.parties().forEach(party -> old.put(party.id(), party));
        }
        List<ListedParty> added = new ArrayList<>();
        List<Changed> changed = new ArrayList<>();
        Map<String, ListedParty> gone = new HashMap<>(old);
        for (ListedParty party : after.parties()) {
            ListedParty was = gone.remove(party.id());
            if (was == null) {
                added.add(party);
            } else if (!was.equals(party)) {
                changed.add(new Changed(was, party));
            }
        }
        List<ListedParty> removed = before == null
                ? List.of()
                : before.parties().stream()
                        .filter(party -> gone.containsKey(party.id()))
                        .toList();
        return new ListChange(before == null ? null : before.version(), after.version(), added, removed, changed);
    }

    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }

    /** Every party of which a past answer may speak otherwise now, as it was and as it is. */
    List<ListedParty> touched() {
        List<ListedParty> all = new ArrayList<>(added);
        all.addAll(removed);
        for (Changed each : changed) {
            all.add(each.before());
            all.add(each.after());
        }
        return all;
    }
}
