package org.exchequer.reconciliation.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation;
import org.exchequer.reconciliation.api.Reconciliation.Break;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Reconciliation.Match;
import org.jspecify.annotations.Nullable;

/** What a run means for the breaks that were open before it. */
public final class Carry {
    /** An open break whose lines the run took with it. */
    public record Carried(
            long id,
            BreakType type,
            @Nullable Line ours,
            @Nullable Line theirs,
            @Nullable String owner) {}

    /** A break that was not known before, and the owner it takes over from one that it replaces. */
    public record Found(Break found, @Nullable String owner) {}

    /** A line that takes part no more, because of a break whose lines have found what they belong to. */
    public record Settled(boolean ours, String line, long breakId) {}

    /**
     * @param found new breaks, in the order of lines
     * @param continued ids of breaks that are as they were
     * @param matched ids of breaks all of whose lines belong to something now
     * @param replaced ids of breaks whose lines are in other breaks now
     * @param settled lines of the matches with lines of former breaks
     */
    public record Plan(
            List<Found> found, Set<Long> continued, Set<Long> matched, Set<Long> replaced, List<Settled> settled) {}

    private final Map<String, Carried> byOurs = new HashMap<>();
    private final Map<String, Carried> byTheirs = new HashMap<>();
    private final Plan plan = new Plan(
            new ArrayList<>(), new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>(), new ArrayList<>());

    private Carry(List<Carried> open) {
        for (Carried each : open) {
            if (each.ours() != null) {
                byOurs.put(each.ours().id(), each);
            }
            if (each.theirs() != null) {
                byTheirs.put(each.theirs().id(), each);
            }
        }
    }

    /** @param open breaks whose lines were among those of {@code result} */
    public static Plan plan(List<Carried> open, Reconciliation result) {
        Carry carry = new Carry(open);
        result.matches().forEach(carry::take);
        result.breaks().forEach(carry::take);
        for (Carried each : open) {
            if (!carry.plan.continued.contains(each.id()) && !carry.plan.replaced.contains(each.id())) {
                carry.plan.matched.add(each.id());
            }
        }
        return carry.plan;
    }

    private void take(Match match) {
        Set<Carried> former = former(match.ours(), match.theirs());
        if (former.isEmpty()) {
            return;
        }
        long reason = former.iterator().next().id();
        match.ours().forEach(line -> plan.settled.add(new Settled(true, line.id(), reason)));
        match.theirs().forEach(line -> plan.settled.add(new Settled(false, line.id(), reason)));
    }

    private void take(Break found) {
        Set<Carried> former = former(found.ours(), found.theirs());
        for (Carried each : former) {
            if (each.type() == found.type()
                    && sameLine(each.ours(), found.ours())
                    && sameLine(each.theirs(), found.theirs())) {
                plan.continued.add(each.id());
                return;
            }
        }
        String owner = null;
        for (Carried each : former) {
            plan.replaced.add(each.id());
            owner = owner == null ? each.owner() : owner;
        }
        plan.found.add(new Found(found, owner));
    }

    private static boolean sameLine(@Nullable Line carried, List<Line> found) {
        return carried == null
                ? found.isEmpty()
                : !found.isEmpty() && found.getFirst().id().equals(carried.id());
    }

    private Set<Carried> former(List<Line> ours, List<Line> theirs) {
        Set<Carried> former = new LinkedHashSet<>();
        ours.forEach(line -> add(former, byOurs.get(line.id())));
        theirs.forEach(line -> add(former, byTheirs.get(line.id())));
        return former;
    }

    private static void add(Set<Carried> former, @Nullable Carried carried) {
        if (carried != null) {
            former.add(carried);
        }
    }

    /** Lines by id, those that are carried over included, without those that take part no more. */
    public static List<Line> together(List<Line> lines, List<Line> carried, Set<String> without) {
        Map<String, Line> byId = new LinkedHashMap<>();
        lines.forEach(line -> byId.put(line.id(), line));
        carried.forEach(line -> byId.put(line.id(), line));
        byId.keySet().removeAll(without);
        return List.copyOf(byId.values());
    }
}
