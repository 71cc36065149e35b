package org.exchequer.lab.linear;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One account of a ledger: amounts are added to its two sides and reserved on them, within its limits. Amounts in minor
 * units.
 *
 * @param mostDebit most that debits, held ones counted, may exceed credits by; null for no limit
 * @param mostCredit most that credits, held ones counted, may exceed debits by; null for no limit
 */
public record AccountModel(
        @Nullable Long mostDebit, @Nullable Long mostCredit)
        implements Model<AccountModel.State, AccountModel.Operation> {

    /** Totals of the account. */
    public record State(long debits, long credits, long pendingDebits, long pendingCredits) {
        public static final State EMPTY = new State(0, 0, 0, 0);

        long debitExposure() {
            return debits + pendingDebits - credits;
        }

        long creditExposure() {
            return credits + pendingCredits - debits;
        }

        /** For people. */
        public String describe() {
            return "debits " + debits + ", credits " + credits
                    + (pendingDebits == 0 && pendingCredits == 0
                            ? ""
                            : ", on hold " + pendingDebits + " of debits and " + pendingCredits + " of credits");
        }
    }

    /** What can be done with an account. */
    public sealed interface Operation {}

    /**
     * Adds to the totals.
     *
     * @param pendingDebits negative when released
     * @param pendingCredits negative when released
     * @param netAfter debits minus credits right afterwards as it was answered; null when it was not
     */
    public record Move(
            long debits,
            long credits,
            long pendingDebits,
            long pendingCredits,
            @Nullable Long netAfter) implements Operation {
        long towardsDebit() {
            return debits + pendingDebits - credits;
        }

        long towardsCredit() {
            return credits + pendingCredits - debits;
        }
    }

    /** Reads the totals; what is null was not answered. */
    public record Seen(
            long debits,
            long credits,
            @Nullable Long pendingDebits,
            @Nullable Long pendingCredits) implements Operation {}

    /** Reads what the totals come to, debits minus credits, and what is on hold; what is null was not answered. */
    public record SeenNet(
            long net,
            @Nullable Long pendingDebits,
            @Nullable Long pendingCredits) implements Operation {}

    /** Was refused for want of room: the amount did not fit on that side. */
    public record NoRoom(boolean debit, long amount) implements Operation {}

    @Override
    public @Nullable State step(State state, Operation operation) {
        return switch (operation) {
            case Move move -> move(state, move);
            case Seen seen ->
                seen.debits() == state.debits()
                                && seen.credits() == state.credits()
                                && isHeld(state, seen.pendingDebits(), seen.pendingCredits())
                        ? state
                        : null;
            case SeenNet seen ->
                seen.net() == state.debits() - state.credits()
                                && isHeld(state, seen.pendingDebits(), seen.pendingCredits())
                        ? state
                        : null;
            case NoRoom none -> {
                Long limit = none.debit() ? mostDebit : mostCredit;
                long exposure = none.debit() ? state.debitExposure() : state.creditExposure();
                yield limit == null || exposure + none.amount() > limit ? state : null;
            }
        };
    }

    private static boolean isHeld(State state, @Nullable Long debits, @Nullable Long credits) {
        return (debits == null || debits == state.pendingDebits())
                && (credits == null || credits == state.pendingCredits());
    }

    private @Nullable State move(State state, Move move) {
        State after = new State(
                state.debits() + move.debits(),
                state.credits() + move.credits(),
                state.pendingDebits() + move.pendingDebits(),
                state.pendingCredits() + move.pendingCredits());
        if (after.pendingDebits() < 0
                || after.pendingCredits() < 0
                || (move.netAfter() != null && after.debits() - after.credits() != move.netAfter())
                || (mostDebit != null && move.towardsDebit() > 0 && after.debitExposure() > mostDebit)
                || (mostCredit != null && move.towardsCredit() > 0 && after.creditExposure() > mostCredit)) {
            return null;
        }
        return after;
    }

    @Override
    public boolean observes(Operation operation) {
        return !(operation instanceof Move);
    }

    @Override
    public Object effect(Operation operation) {
        return operation;
    }

    @Override
    public @Nullable Operation unanswered(Operation operation) {
        return operation instanceof Move move
                ? new Move(move.debits(), move.credits(), move.pendingDebits(), move.pendingCredits(), null)
                : null;
    }

    /**
     * Of two additions whose answers tell no balance, the first matters to the second only when it makes room for it:
     * on a limited side, or by reserving what the second releases.
     */
    @Override
    public boolean matters(Operation earlier, Operation later) {
        if (!(earlier instanceof Move first && later instanceof Move second)
                || first.netAfter() != null
                || second.netAfter() != null) {
            return true;
        }
        return (mostDebit != null && second.towardsDebit() > 0 && first.towardsDebit() < 0)
                || (mostCredit != null && second.towardsCredit() > 0 && first.towardsCredit() < 0)
                || (second.pendingDebits() < 0 && first.pendingDebits() > 0)
                || (second.pendingCredits() < 0 && first.pendingCredits() > 0);
    }

    /** Totals only grow: what has outgrown a total that somebody is still to see leads nowhere. */
    @Override
    public Guide<State> guide(List<Call<Operation>> calls) {
        long[] leastDebits = new long[calls.size() + 1];
        long[] leastCredits = new long[calls.size() + 1];
        leastDebits[calls.size()] = Long.MAX_VALUE;
        leastCredits[calls.size()] = Long.MAX_VALUE;
        for (int i = calls.size() - 1; i >= 0; i--) {
            boolean seen = calls.get(i).operation() instanceof Seen;
            leastDebits[i] = Math.min(leastDebits[i + 1], seen ? seen(calls, i).debits() : Long.MAX_VALUE);
            leastCredits[i] =
                    Math.min(leastCredits[i + 1], seen ? seen(calls, i).credits() : Long.MAX_VALUE);
        }
        return new Guide<>() {
            @Override
            public boolean hopeless(State before, State after, View view) {
                if (after.debits() > leastDebits[view.invoked()] || after.credits() > leastCredits[view.invoked()]) {
                    return true;
                }
                for (int call : view.waiting()) {
                    if (calls.get(call).operation() instanceof Seen seen
                            && (seen.debits() < after.debits() || seen.credits() < after.credits())) {
                        return true;
                    }
                }
                return false;
            }
        };
    }

    private static Seen seen(List<Call<Operation>> calls, int index) {
        return (Seen) calls.get(index).operation();
    }
}
