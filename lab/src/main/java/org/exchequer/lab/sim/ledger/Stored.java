package org.exchequer.lab.sim.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.history.Functions;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Decision.Booked;
import org.exchequer.ledger.core.Decision.BookedLegs;
import org.exchequer.ledger.core.Decision.BookedPair;
import org.exchequer.ledger.core.Hold;
import org.jspecify.annotations.Nullable;

/**
 * A row of the simulated journal.
 *
 * @param at booking time
 * @param command what was asked; null for the expiry of a hold
 * @param hold the hold that expires; 0 for a command
 * @param entry what it does, as checkers read it
 * @param answer what its caller is told, the same for ever
 */
record Stored(Instant at, @Nullable Command command, long hold, Entry entry, Map<String, String> answer) {
    boolean accepted() {
        return entry.rejection() == null;
    }

    /** The same content at another place. */
    Stored at(long position) {
        return new Stored(
                at,
                command,
                hold,
                new Entry(position, entry.key(), entry.kind(), entry.rejection(), entry.legs(), entry.reserved()),
                answer);
    }

    /** What a torn write leaves: the first leg. */
    Stored torn() {
        List<Leg> legs = entry.legs();
        return new Stored(
                at,
                command,
                hold,
                new Entry(
                        entry.position(),
                        entry.key(),
                        entry.kind(),
                        entry.rejection(),
                        legs.subList(0, Math.min(1, legs.size())),
                        entry.reserved()),
                answer);
    }

    static Stored of(long position, Instant at, Command command, Decision decision) {
        String rejection =
                decision instanceof Decision.Declined no ? no.reason().name() : null;
        Entry entry = new Entry(position, command.key(), kind(command), rejection, legs(decision), reserved(decision));
        return new Stored(at, command, 0, entry, answer(entry, decision));
    }

    static Stored expiry(long position, Instant at, Decision.PendingReleased released) {
        Entry entry =
                new Entry(position, "expire " + released.hold().id(), "expire", null, List.of(), reserved(released));
        return new Stored(at, null, released.hold().id(), entry, Map.of());
    }

    private static String kind(Command command) {
        return switch (command) {
            case Command.Transfer transfer -> Functions.TRANSFER;
            case Command.Hold asked -> Functions.HOLD;
            case Command.PostPending post -> Functions.POST;
            case Command.VoidPending release -> Functions.VOID;
            case Command.Reverse reverse -> Functions.REVERSE;
            case Command.OpenAccount open -> "open";
            case Command.Post post -> "legs";
            case Command.ChangeAccount change -> "change";
            case Command.ProposeAdjustment propose -> "propose";
            case Command.DecideAdjustment decide -> "decide";
            case Command.CloseDay close -> "close";
        };
    }

    private static List<Leg> legs(Decision decision) {
        Booked booked = decision.booked();
        return switch (booked) {
            case null -> List.of();
            case BookedPair pair ->
                List.of(
                        leg(
                                true,
                                pair.debit().code(),
                                pair.amount(),
                                pair.debit().currency().code(),
                                pair.debitBalance()),
                        leg(
                                false,
                                pair.credit().code(),
                                pair.amount(),
                                pair.credit().currency().code(),
                                pair.creditBalance()));
            case BookedLegs many ->
                many.legs().stream()
                        .map(each -> leg(
                                each.side() == Side.DEBIT,
                                each.slot().code(),
                                each.amount(),
                                each.slot().currency().code(),
                                each.balanceAfter()))
                        .toList();
        };
    }

    private static List<Leg> reserved(Decision decision) {
        return switch (decision) {
            case Decision.Held held -> reserved(held.hold(), held.hold().remaining());
            case Decision.PendingPosted posted -> reserved(posted.hold(), -posted.released());
            case Decision.PendingReleased released ->
                reserved(released.hold(), -released.hold().remaining());
            default -> List.of();
        };
    }

    private static List<Leg> reserved(Hold hold, long amount) {
        String currency = hold.debit().currency().code();
        return List.of(
                leg(true, hold.debit().code(), amount, currency, null),
                leg(false, hold.credit().code(), amount, currency, null));
    }

    private static Leg leg(boolean debit, String account, long amount, String currency, @Nullable Long after) {
        return new Leg(account, debit, amount, currency, after);
    }

    private static Map<String, String> answer(Entry entry, Decision decision) {
        Map<String, String> answer = new TreeMap<>();
        answer.put(Functions.POSITION, Long.toString(entry.position()));
        if (entry.rejection() != null) {
            answer.put(Functions.REASON, entry.rejection());
            return answer;
        }
        List<Leg> told = new ArrayList<>(entry.legs());
        if (told.isEmpty()) {
            told.addAll(entry.reserved());
        } else {
            answer.put(Functions.TRANSACTION, Long.toString(entry.position()));
            answer.put(Functions.AMOUNT, Long.toString(told.getFirst().amount()));
        }
        for (Leg leg : told) {
            answer.put(leg.debit() ? Functions.DEBIT : Functions.CREDIT, leg.account());
            answer.put(Functions.CURRENCY, leg.currency());
            if (leg.balanceAfter() != null) {
                answer.put(
                        leg.debit() ? Functions.DEBIT_BALANCE : Functions.CREDIT_BALANCE,
                        leg.balanceAfter().toString());
            }
        }
        switch (decision) {
            case Decision.Held held -> answer.put(Functions.HOLD_ID, Long.toString(entry.position()));
            case Decision.PendingPosted posted -> answer.put(Functions.RELEASED, Long.toString(posted.released()));
            case Decision.PendingReleased released ->
                answer.put(Functions.RELEASED, Long.toString(released.hold().remaining()));
            default -> {}
        }
        return answer;
    }
}
