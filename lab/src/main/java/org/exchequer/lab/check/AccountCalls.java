package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.Operation;
import org.exchequer.lab.linear.AccountModel;
import org.exchequer.lab.linear.AccountModel.Move;
import org.exchequer.lab.linear.AccountModel.NoRoom;
import org.exchequer.lab.linear.AccountModel.Seen;
import org.exchequer.lab.linear.AccountModel.SeenNet;
import org.exchequer.lab.linear.Call;
import org.exchequer.ledger.api.BetweenShards;
import org.jspecify.annotations.Nullable;

/** What the clients' history says about each account by itself. */
final class AccountCalls {
    private final Map<String, List<Call<AccountModel.Operation>>> byAccount = new TreeMap<>();
    private final Map<String, Limit> limits;
    private final Map<String, Entry> journal = new HashMap<>();
    private final boolean journalRead;
    /** Accounts that have been on another shard: a read tells their turnover there too, which the journal splits. */
    private final Set<String> moved = new HashSet<>();
    /** What was asked first under each key. */
    private final Map<String, Request> first = new HashMap<>();

    private boolean blurred;

    private AccountCalls(Evidence evidence) {
        this.limits = evidence.limits().orElse(Map.of());
        this.journalRead = evidence.journal().isPresent();
        Set<String> asked = new HashSet<>();
        evidence.journal().orElse(List.of()).forEach(entry -> journal.putIfAbsent(entry.key(), entry));
        evidence.journal().orElse(List.of()).stream()
                .filter(entry -> BetweenShards.isMove(entry.key()))
                .forEach(entry -> entry.legs().forEach(leg -> moved.add(leg.account())));
        for (Request request : Request.of(evidence.history())) {
            asked.add(request.key());
            first.putIfAbsent(request.key(), request);
            add(request);
        }
        for (Operation operation : evidence.history().operations()) {
            if (operation.function().equals(Functions.READ) && operation.is(Event.Type.OK)) {
                addRead(operation);
            }
        }
        for (Entry entry : journal.values()) {
            if (!asked.contains(entry.key())) {
                moves(entry)
                        .forEach((account, move) -> add(
                                account,
                                new Call<>(move, -1, Call.OPEN, entry.position(), "by itself: " + entry.describe())));
            }
        }
    }

    static AccountCalls of(Evidence evidence) {
        return new AccountCalls(evidence);
    }

    Map<String, List<Call<AccountModel.Operation>>> byAccount() {
        return byAccount;
    }

    /** Whether something may have moved accounts of which nothing is known. */
    boolean isBlurred() {
        return blurred;
    }

    private void addRead(Operation read) {
        String account = read.value(Functions.ACCOUNT);
        long debits = read.number(Functions.DEBITS);
        long credits = read.number(Functions.CREDITS);
        Long heldDebits = numberOrNull(read, Functions.PENDING_DEBITS);
        Long heldCredits = numberOrNull(read, Functions.PENDING_CREDITS);
        add(
                account,
                new Call<>(
                        moved.contains(account)
                                ? new SeenNet(Math.subtractExact(debits, credits), heldDebits, heldCredits)
                                : new Seen(debits, credits, heldDebits, heldCredits),
                        read.invoke().index(),
                        read.returnedAt(),
                        read.has(Functions.POSITION) ? read.number(Functions.POSITION) : Call.OPEN,
                        read.describe()));
    }

    private void add(Request request) {
        switch (request.status()) {
            case ACCEPTED -> accepted(request, request.accepted().orElseThrow());
            case REJECTED -> rejected(request, request.rejected().orElseThrow());
            case OPEN -> open(request, Call.OPEN);
            case NEVER -> {}
        }
    }

    private void accepted(Request request, Operation answer) {
        if (!answer.has(Functions.DEBIT) || !answer.has(Functions.CREDIT)) {
            open(request, answer.returnedAt());
            return;
        }
        long position = answer.has(Functions.POSITION) ? answer.number(Functions.POSITION) : Call.OPEN;
        String text = text(request, answer);
        for (boolean debit : new boolean[] {true, false}) {
            Move move = move(answer, debit);
            add(
                    answer.value(debit ? Functions.DEBIT : Functions.CREDIT),
                    new Call<>(move, request.first().invoke().index(), answer.returnedAt(), position, text));
        }
    }

    private static Move move(Operation answer, boolean debit) {
        long amount = answer.function().equals(Functions.VOID) ? 0 : answer.number(Functions.AMOUNT);
        long posted = answer.function().equals(Functions.HOLD) ? 0 : amount;
        long held = switch (answer.function()) {
            case Functions.HOLD -> amount;
            case Functions.POST, Functions.VOID -> -answer.number(Functions.RELEASED);
            default -> 0;
        };
        return new Move(
                debit ? posted : 0,
                debit ? 0 : posted,
                debit ? held : 0,
                debit ? 0 : held,
                numberOrNull(answer, debit ? Functions.DEBIT_BALANCE : Functions.CREDIT_BALANCE));
    }

    /**
     * A refusal for want of room says that there was none, on an account whose limit is known. Asked for something else
     * under the same key, a ledger may tell the same refusal again: that says nothing of what was asked then.
     */
    private void rejected(Request request, Operation answer) {
        if (first.get(request.key()) != request) {
            return;
        }
        boolean amounts = answer.function().equals(Functions.TRANSFER)
                || answer.function().equals(Functions.HOLD);
        String reason = answer.has(Functions.REASON) ? answer.value(Functions.REASON) : "";
        boolean debit = reason.equals("INSUFFICIENT_FUNDS");
        if (!amounts || !(debit || reason.equals("CREDITS_WOULD_EXCEED_DEBITS"))) {
            return;
        }
        String account = answer.value(debit ? Functions.DEBIT : Functions.CREDIT);
        if (limits.containsKey(account)) {
            add(
                    account,
                    new Call<>(
                            new NoRoom(debit, answer.number(Functions.AMOUNT)),
                            request.first().invoke().index(),
                            answer.returnedAt(),
                            answer.number(Functions.POSITION),
                            text(request, answer)));
        }
    }

    /** @param until when it had happened, where that is known */
    private void open(Request request, long until) {
        Operation first = request.first();
        Entry entry = journal.get(request.key());
        if (entry != null && !asked(first, entry)) {
            entry = null;
        }
        // What the journal does not hold is tried last.
        long hint = entry == null ? Call.OPEN : entry.position();
        if (first.has(Functions.DEBIT) && first.has(Functions.CREDIT)) {
            for (boolean debit : new boolean[] {true, false}) {
                Move move = move(new Operation(first.invoke(), null), debit);
                add(
                        first.value(debit ? Functions.DEBIT : Functions.CREDIT),
                        new Call<>(move, first.invoke().index(), Call.OPEN, hint, text(request, null)));
            }
        } else if (entry != null) {
            moves(entry)
                    .forEach((account, move) ->
                            add(account, new Call<>(move, first.invoke().index(), until, hint, text(request, null))));
        } else if (!journalRead) {
            blurred = true;
        }
    }

    /** Whether an entry is what was asked here, and accepted: its key may have been used for something else. */
    private static boolean asked(Operation first, Entry entry) {
        if (entry.rejection() != null || !entry.kind().equals(first.function())) {
            return false;
        }
        if (first.has(Functions.LEGS)) {
            return entry.sameLegs(first.value(Functions.LEGS));
        }
        List<Leg> legs = first.function().equals(Functions.HOLD) ? entry.reserved() : entry.legs();
        for (Leg leg : legs) {
            String side = leg.debit() ? Functions.DEBIT : Functions.CREDIT;
            if ((first.has(side) && !leg.account().equals(first.value(side)))
                    || (first.has(Functions.AMOUNT) && leg.amount() != first.number(Functions.AMOUNT))) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Move> moves(Entry entry) {
        Map<String, Move> moves = new TreeMap<>();
        entry.legs().forEach(leg -> moves.merge(leg.account(), move(leg, false), AccountCalls::sum));
        entry.reserved().forEach(leg -> moves.merge(leg.account(), move(leg, true), AccountCalls::sum));
        return moves;
    }

    private static Move move(Leg leg, boolean reserved) {
        long debit = leg.debit() ? leg.amount() : 0;
        long credit = leg.debit() ? 0 : leg.amount();
        return reserved ? new Move(0, 0, debit, credit, null) : new Move(debit, credit, 0, 0, null);
    }

    private static Move sum(Move one, Move two) {
        return new Move(
                one.debits() + two.debits(),
                one.credits() + two.credits(),
                one.pendingDebits() + two.pendingDebits(),
                one.pendingCredits() + two.pendingCredits(),
                null);
    }

    private void add(String account, Call<AccountModel.Operation> call) {
        byAccount.computeIfAbsent(account, any -> new ArrayList<>()).add(call);
    }

    private static String text(Request request, @Nullable Operation answer) {
        String asked = request.first().invoke().describe();
        String attempts =
                request.attempts().size() == 1 ? "" : " (" + request.attempts().size() + " attempts)";
        return answer == null
                ? asked + attempts + " → no answer"
                : asked + attempts + " → "
                        + Objects.requireNonNull(answer.completion()).describe();
    }

    private static @Nullable Long numberOrNull(Operation operation, String name) {
        return operation.has(name) ? operation.number(name) : null;
    }
}
