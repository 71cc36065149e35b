package org.exchequer.shards.core;

import java.util.List;

/**
 * What comes next in a transaction over several shards: a function of what its shards say, and nothing else. Whoever
 * drives it (the node that took the command) and whoever finds it left behind (a resolver on any node) ask the same
 * function, at any time and any number at once.
 *
 * <p>The first shard is the coordinator. Its posting is the decision: before it, the transaction can only be rolled
 * back (presumed abort), after it, only completed. The coordinator's ledger puts posting, voiding and expiry of its
 * hold in one order, and that order is the whole agreement.
 *
 * <pre>
 *   coordinator     participants        driver              resolver
 *   ABSENT          -                   reserve there       a hold left over: bar the coordinator's
 *   HELD            one ABSENT          reserve there       roll back when overdue, else wait
 *   HELD            one REFUSED/GONE    roll back           roll back when overdue, else wait
 *   HELD            all HELD            decide              roll back when overdue, else wait
 *   BLOCKED         any                 roll back           roll back
 *   POSTED          one HELD            complete it         complete it
 *   POSTED          all POSTED          done, committed     done, committed
 *   GONE, REFUSED   one HELD            give it back        give it back
 *   GONE, REFUSED   none HELD           done, rolled back   done, rolled back
 *   UNSEEN          any                 wait                wait
 * </pre>
 *
 * <p>Anything else cannot happen while shards keep what they answered; it is {@link Step.Broken}, and nobody
 * touches it.
 */
public final class TwoPhase {
    private TwoPhase() {}

    /** What one shard says of its part. */
    public enum Side {
        /** It does not answer, or was not asked. */
        UNSEEN,
        /** Nothing is there. */
        ABSENT,
        /** It refused to reserve, for good. */
        REFUSED,
        /** Reserved. */
        HELD,
        /** Reserved, but refused to post for as long as an account is frozen. */
        BLOCKED,
        /** Posted, for good. */
        POSTED,
        /** Reserved once, and given back: voided or expired, for good. */
        GONE
    }

    /** What is to be done. Numbers are parts; 0 is the coordinator's. */
    public sealed interface Step {
        /** Place the holds of a part. */
        record Reserve(int part) implements Step {}

        /** Post the coordinator's holds: the decision. */
        record Decide() implements Step {}

        /** Post a participant's holds. */
        record Complete(int part) implements Step {}

        /** Void the coordinator's holds: the other decision. */
        record RollBack() implements Step {}

        /** Void a participant's holds. */
        record Release(int part) implements Step {}

        /** Make sure that the coordinator's holds, of which there is no trace, never come. */
        record Bar() implements Step {}

        /** Nothing can be done now. Nobody guesses. */
        record Wait() implements Step {}

        /** It is over. */
        record Done(boolean committed) implements Step {}

        /** A shard has lost what it answered. */
        record Broken(String why) implements Step {}
    }

    /** Who asks. */
    public enum Actor {
        /** Took the command, and knows all its parts. */
        DRIVER,
        /** Found holds that have been there for less than the limit. */
        RESOLVER,
        /** Found holds that have been there for longer than the limit. */
        RESOLVER_OVERDUE
    }

    /**
     * The next step.
     *
     * @param sides what each part's shard says, the coordinator's first
     */
    public static Step next(List<Side> sides, Actor actor) {
        return switch (sides.getFirst()) {
            case UNSEEN -> new Step.Wait();
            case ABSENT ->
                actor == Actor.DRIVER
                        ? new Step.Reserve(0)
                        : sides.contains(Side.HELD) ? new Step.Bar() : new Step.Done(false);
            case HELD -> undecided(sides, actor);
            case BLOCKED -> new Step.RollBack();
            case POSTED -> committed(sides);
            case GONE, REFUSED -> rolledBack(sides);
        };
    }

    private static Step undecided(List<Side> sides, Actor actor) {
        if (participants(sides).contains(Side.POSTED)) {
            return new Step.Broken("a participant has posted what its coordinator has not decided");
        }
        if (actor != Actor.DRIVER) {
            return actor == Actor.RESOLVER_OVERDUE ? new Step.RollBack() : new Step.Wait();
        }
        if (participants(sides).contains(Side.REFUSED) || participants(sides).contains(Side.GONE)) {
            return new Step.RollBack();
        }
        for (int part = 1; part < sides.size(); part++) {
            if (sides.get(part) == Side.ABSENT) {
                return new Step.Reserve(part);
            }
            if (sides.get(part) != Side.HELD) {
                return new Step.Wait();
            }
        }
        return new Step.Decide();
    }

    private static Step committed(List<Side> sides) {
        for (int part = 1; part < sides.size(); part++) {
            switch (sides.get(part)) {
                case HELD -> {
                    return new Step.Complete(part);
                }
                case ABSENT, REFUSED, GONE -> {
                    return new Step.Broken("a participant has lost what it had reserved for a transaction decided on");
                }
                case UNSEEN, BLOCKED, POSTED -> {}
            }
        }
        return participants(sides).stream().allMatch(side -> side == Side.POSTED)
                ? new Step.Done(true)
                : new Step.Wait();
    }

    private static Step rolledBack(List<Side> sides) {
        boolean unseen = false;
        for (int part = 1; part < sides.size(); part++) {
            switch (sides.get(part)) {
                case HELD, BLOCKED -> {
                    return new Step.Release(part);
                }
                case POSTED -> {
                    return new Step.Broken("a participant has posted a transaction that was rolled back");
                }
                case UNSEEN -> unseen = true;
                case ABSENT, REFUSED, GONE -> {}
            }
        }
        return unseen ? new Step.Wait() : new Step.Done(false);
    }

    private static List<Side> participants(List<Side> sides) {
        return sides.subList(1, sides.size());
    }
}
