package org.exchequer.shards;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Blame;
import org.exchequer.shards.core.Bodies;
import org.exchequer.shards.core.Globals;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Marks;
import org.exchequer.shards.core.Marks.PartSize;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.Plan;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.core.TwoPhase.Side;
import org.jspecify.annotations.Nullable;

/**
 * Answers given before, wherever they were given: a key is answered the same for ever, also after the accounts that
 * it was about have moved to other shards. Blocks; for virtual threads.
 */
final class Earlier {
    private static final int MOST_ATTEMPTS = 100;

    private final List<Shard> shards;
    private final Journals journals;
    private final OwnAccounts accounts;
    private final Faults faults;
    private final Duration limit;

    Earlier(List<Shard> shards, Journals journals, OwnAccounts accounts, Faults faults, Duration limit) {
        this.shards = shards;
        this.journals = journals;
        this.accounts = accounts;
        this.faults = faults;
        this.limit = limit;
    }

    /**
     * What is known of a key.
     *
     * @param outcome the answer that was given, or null
     * @param attempt under which name a transaction over several shards goes on when there is none
     */
    record Answer(@Nullable Outcome outcome, int attempt) {}

    private static final Pattern LEG = Pattern.compile("legs\\[([0-9]{1,4})]\\.account");

    private static final Answer NOTHING = new Answer(null, 0);

    /** What was answered to this key by any shard that its accounts ever lived on; looks only where some have moved. */
    Answer answer(Command command, SlotMap map) {
        Set<Integer> homes = new LinkedHashSet<>();
        boolean moved = false;
        for (String account : Router.accounts(command)) {
            int slot = Placement.slot(account);
            homes.add(map.slot(slot).shard());
            homes.addAll(map.former(slot).stream().map(SlotMap.Former::shard).toList());
            moved |= !map.former(slot).isEmpty();
        }
        if (!moved) {
            return NOTHING;
        }
        // Where an account has come back, a rejection that stands there counts when there is no other answer.
        Outcome doubtful = null;
        for (int home : homes) {
            Outcome plain = plain(home, command);
            if (plain == null) {
                continue;
            }
            Worth worth = worth(plain, command, map);
            if (worth == Worth.ANSWER) {
                return new Answer(Bodies.again(command, plain), 0);
            }
            doubtful = doubtful == null && worth == Worth.DOUBTFUL ? Bodies.again(command, plain) : doubtful;
        }
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Outcome over = over(command, homes, attempt, map);
            if (over == null) {
                return new Answer(doubtful, attempt);
            }
            Worth worth = worth(over, command, map);
            if (worth == Worth.ANSWER) {
                return new Answer(over, attempt);
            }
            doubtful = doubtful == null && worth == Worth.DOUBTFUL ? over : doubtful;
        }
        throw new IllegalStateException("key " + command.key() + " met too many moves");
    }

    /**
     * What a shard answered to the key of a command that is whole; null when it never saw the key. A rejection does
     * not say what it rejected, but the shard knows: sent again, another command is told so, and nothing happens either
     * way.
     */
    private @Nullable Outcome plain(int home, Command command) {
        Ledger ledger = shards.get(home).ledger();
        Outcome known = ledger.outcome(command.key()).orElse(null);
        if (known instanceof Outcome.Rejected) {
            known = ledger.execute(command);
            if (!(known instanceof Outcome.Rejected)) {
                throw new LedgerUnavailableException("shard " + home + " does not say what it rejected");
            }
        }
        return known == null ? null : Globals.outcome(home, known);
    }

    /** What an outcome says of a key of which accounts have moved. */
    private enum Worth {
        /** What the key was answered, for ever. */
        ANSWER,
        /** An answer, or a rejection that was given while an account was away: it has come back since, or had. */
        DOUBTFUL,
        /** A rejection for an account that had moved away: nothing. */
        NONE
    }

    private static Worth worth(Outcome outcome, Command command, SlotMap map) {
        if (!(outcome instanceof Outcome.Rejected no)
                || (no.reason() != RejectionReason.ACCOUNT_FROZEN
                        && no.reason() != RejectionReason.ACCOUNT_NOT_FOUND)) {
            return Worth.ANSWER;
        }
        Worth worth = Worth.ANSWER;
        for (String account : blamed(no.field(), command)) {
            Worth of = worth(Ids.shard(no.sequence()), Ids.local(no.sequence()), Placement.slot(account), map);
            worth = of.compareTo(worth) > 0 ? of : worth;
        }
        return worth;
    }

    /** Of a rejection at this position of a shard for an account of this slot. */
    private static Worth worth(int shard, long position, int slot, SlotMap map) {
        LongSummaryStatistics left = map.former(slot).stream()
                .filter(former -> former.shard() == shard)
                .mapToLong(SlotMap.Former::position)
                .summaryStatistics();
        if (left.getCount() == 0 || position <= left.getMin()) {
            return Worth.ANSWER;
        }
        boolean away = map.slot(slot).shard() != shard;
        return away && position > left.getMax() ? Worth.NONE : Worth.DOUBTFUL;
    }

    /** The account that a rejection is about, where its field says so; else all: any other may be where it ought to. */
    private static List<String> blamed(String field, Command command) {
        boolean debit = field.equals("debitAccount");
        boolean named = debit || field.equals("creditAccount");
        Matcher leg = LEG.matcher(field);
        return switch (command) {
            case Command.Transfer c when named -> List.of(debit ? c.debitAccount() : c.creditAccount());
            case Command.Hold c when named -> List.of(debit ? c.debitAccount() : c.creditAccount());
            case Command.Post c
            when leg.matches() ->
                List.of(c.legs().get(Integer.parseInt(leg.group(1))).account());
            default -> Router.accounts(command);
        };
    }

    /** The transaction over several shards that one of these coordinated under the key, taken up again; or null. */
    private @Nullable Outcome over(Command command, Set<Integer> homes, int attempt, SlotMap map) {
        for (int coordinator : homes) {
            Outcome held = shards.get(coordinator)
                    .ledger()
                    .outcome(Names.hold(Names.transaction(command.key(), attempt), coordinator, 0))
                    .orElse(null);
            if (held instanceof Outcome.Rejected no) {
                return refused(Names.transaction(command.key(), attempt), coordinator, no, command);
            }
            Marks marks = held instanceof Outcome.Held found ? Marks.of(found.pending()) : null;
            if (marks != null && marks.coordinator() == coordinator) {
                ToIntFunction<String> shardOf = journals.homes(marks, map);
                return switch (command) {
                    case Command.Transfer c -> settled(marks, drive(Plan.of(c, attempt, shardOf)), c);
                    case Command.Post c -> settled(marks, drive(Plan.of(c, attempt, shardOf)), c);
                    default ->
                        Bodies.again(command, answer(marks, command).orElse(new Outcome.Unknown("not decided yet")));
                };
            }
        }
        return null;
    }

    /**
     * Why a coordinator refused to reserve: of the holds of one batch, the one that is to blame for the others.
     *
     * @param command the caller's, where it is known
     */
    private Outcome refused(String transaction, int coordinator, Outcome.Rejected first, @Nullable Command command) {
        Outcome.Rejected no = first;
        int item = 0;
        while (no.reason() == RejectionReason.LINKED_ITEM_FAILED) {
            Outcome next = shards.get(coordinator)
                    .ledger()
                    .outcome(Names.hold(transaction, coordinator, item + 1))
                    .orElse(null);
            if (!(next instanceof Outcome.Rejected other)) {
                break;
            }
            no = other;
            item++;
        }
        return Globals.outcome(coordinator, command instanceof Command.Post post ? Blame.of(post, item, no) : no);
    }

    /** What a drive came to; where it could not go on, how the transaction ended without it. */
    Outcome settled(Marks marks, Outcome driven) {
        return settled(marks, driven, null);
    }

    private Outcome settled(Marks marks, Outcome driven, @Nullable Command command) {
        return driven instanceof Outcome.Unknown ? answer(marks, command).orElse(driven) : driven;
    }

    private Outcome drive(Plan plan) {
        return new Drive(plan, shards, journals, accounts, faults, limit)
                .start()
                .join();
    }

    /** What became of a key, by all shards; empty when it was never decided. */
    Optional<Outcome> outcome(String key) {
        for (Shard shard : shards) {
            Optional<Outcome> plain = shard.ledger().outcome(key);
            if (plain.isPresent()) {
                return plain.map(outcome -> Globals.outcome(shard.index(), outcome));
            }
        }
        Optional<Outcome> latest = Optional.empty();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Optional<Optional<Outcome>> found = attempted(Names.transaction(key, attempt));
            if (found.isEmpty()) {
                break;
            }
            latest = found.get();
        }
        return latest;
    }

    /** What became of one attempt; empty when there was none, empty within while it is open. */
    private Optional<Optional<Outcome>> attempted(String transaction) {
        for (Shard shard : shards) {
            switch (shard.ledger()
                    .outcome(Names.hold(transaction, shard.index(), 0))
                    .orElse(null)) {
                case Outcome.Rejected no -> {
                    return Optional.of(Optional.of(refused(transaction, shard.index(), no, null)));
                }
                case Outcome.Held held -> {
                    Marks marks = Marks.of(held.pending());
                    if (marks != null && marks.coordinator() == shard.index()) {
                        return Optional.of(answer(marks, null));
                    }
                }
                case null, default -> {}
            }
        }
        return Optional.empty();
    }

    /**
     * How a transaction over several shards ended; empty while it has not on all of them.
     *
     * @param command the caller's, where it is known
     */
    private Optional<Outcome> answer(Marks marks, @Nullable Command command) {
        Optional<Transaction> whole = journals.whole(marks);
        if (whole.isPresent()) {
            int legs = whole.get().entries().size();
            int holds = marks.parts().stream()
                    .mapToInt(
                            part -> journals.postings(marks.transaction(), part).size())
                    .sum();
            int all = marks.parts().stream().mapToInt(PartSize::holds).sum();
            return legs > 0 && holds == all ? Optional.of(new Outcome.Posted(whole.get(), true)) : Optional.empty();
        }
        PartSize coordinator = marks.parts().getFirst();
        return journals.side(marks.transaction(), coordinator) == Side.GONE
                ? Optional.of(refusal(marks, command))
                : Optional.empty();
    }

    private Outcome refusal(Marks marks, @Nullable Command command) {
        for (PartSize part : marks.parts()) {
            for (int item = 0; item < part.holds(); item++) {
                Outcome.Rejected no = rejection(part.shard(), Names.hold(marks.transaction(), part.shard(), item));
                if (no != null) {
                    return Globals.outcome(
                            part.shard(), command instanceof Command.Post post ? Blame.of(post, item, no) : no);
                }
            }
        }
        PartSize coordinator = marks.parts().getFirst();
        Outcome.Rejected no = rejection(coordinator.shard(), Names.decide(marks.transaction(), coordinator.shard(), 0));
        return no != null
                        && no.reason() != RejectionReason.PENDING_EXPIRED
                        && no.reason() != RejectionReason.PENDING_ALREADY_VOIDED
                ? Globals.outcome(coordinator.shard(), no)
                : new Outcome.Rejected(
                        RejectionReason.IN_DOUBT_TIMEOUT,
                        "idempotencyKey",
                        "not decided within the limit, and rolled back; send it with a new key",
                        0,
                        true);
    }

    private Outcome.@Nullable Rejected rejection(int shard, String key) {
        return shards.get(shard).ledger().outcome(key).orElse(null) instanceof Outcome.Rejected no
                        && no.reason() != RejectionReason.LINKED_ITEM_FAILED
                ? no
                : null;
    }
}
