package org.exchequer.shards;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Bodies;
import org.exchequer.shards.core.Globals;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.Plan;
import org.exchequer.shards.core.SlotMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each command where it belongs: to the one shard that has all its accounts, as it is and without a detour; over
 * several as a {@link Drive}; or nowhere, with the reason.
 */
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final int PLAIN_UNKNOWN = -1;
    /** How long a command waits for a slot that moves. */
    private static final int MOST_LOOKS = 100;

    private static final long LOOK_MS = 50;

    private final List<Shard> shards;
    private final Routes routes;
    private final Journals journals;
    private final OwnAccounts accounts;
    private final Faults faults;
    private final Duration limit;
    private final Earlier earlier;

    Router(
            List<Shard> shards,
            Routes routes,
            Journals journals,
            OwnAccounts accounts,
            Earlier earlier,
            Faults faults,
            Duration limit) {
        this.shards = shards;
        this.routes = routes;
        this.journals = journals;
        this.accounts = accounts;
        this.earlier = earlier;
        this.faults = faults;
        this.limit = limit;
    }

    CompletableFuture<Outcome> submit(Command command) {
        Outcome no = reserved(command);
        if (no != null) {
            return CompletableFuture.completedFuture(no);
        }
        SlotMap map = routes.current();
        return switch (command) {
            case Command.Transfer c -> {
                int debit = map.plainShard(c.debitAccount());
                int credit = map.plainShard(c.creditAccount());
                yield debit == PLAIN_UNKNOWN || credit == PLAIN_UNKNOWN
                        ? carefully(command)
                        : debit == credit ? at(debit, command, map) : across(command, 0, map);
            }
            case Command.Post c -> plainly(command, map) ? direct(command, 0, map) : carefully(command);
            case Command.Hold c -> plainly(command, map) ? direct(command, 0, map) : carefully(command);
            case Command.ProposeAdjustment c -> plainly(command, map) ? direct(command, 0, map) : carefully(command);
            case Command.PostPending c -> byId(command, c.pendingId(), RejectionReason.NOT_PENDING, "pendingId");
            case Command.VoidPending c -> byId(command, c.pendingId(), RejectionReason.NOT_PENDING, "pendingId");
            case Command.DecideAdjustment c ->
                byId(command, c.adjustmentId(), RejectionReason.ADJUSTMENT_NOT_FOUND, "adjustmentId");
            case Command.Reverse c ->
                isShard(c.transactionId())
                        ? blocking(() -> reverse(c))
                        : byId(command, c.transactionId(), RejectionReason.TRANSACTION_NOT_FOUND, "transactionId");
            case Command.CloseDay c -> blocking(() -> closeDay(c));
            case Command.OpenAccount c -> carefully(command);
            case Command.ChangeAccount c -> carefully(command);
        };
    }

    CompletableFuture<List<Outcome>> submitLinked(List<Command> commands) {
        Command.requireLinkable(commands);
        SlotMap map = routes.current();
        int shard = PLAIN_UNKNOWN;
        for (int i = 0; i < commands.size(); i++) {
            Command command = commands.get(i);
            Outcome no = reserved(command);
            int there = no != null ? PLAIN_UNKNOWN : onlyShard(command, map);
            if (no == null && (there < 0 || (shard >= 0 && there != shard))) {
                no = notAcross(
                        "", "the items of a linked batch must be on one shard; this one is not, or not sure to be");
            }
            if (no != null) {
                return CompletableFuture.completedFuture(allButOne(commands.size(), i, no));
            }
            shard = there;
        }
        int there = shard;
        return shards.get(there)
                .ledger()
                .submitLinked(commands.stream().map(Globals::local).toList())
                .thenApply(outcomes -> outcomes.stream()
                        .map(outcome -> Globals.outcome(there, outcome))
                        .toList());
    }

    /** Not recorded: the batch never reached a ledger. */
    private static List<Outcome> allButOne(int size, int culprit, Outcome no) {
        Outcome others = new Outcome.Rejected(
                RejectionReason.LINKED_ITEM_FAILED,
                "",
                "items[" + culprit + "] of the linked batch was rejected",
                0,
                false);
        List<Outcome> outcomes = new ArrayList<>(Collections.nCopies(size, others));
        outcomes.set(culprit, no);
        return outcomes;
    }

    /** The shard of everything a command names; -1 when there are several, or it moves or has moved. */
    private int onlyShard(Command command, SlotMap map) {
        return switch (command) {
            case Command.PostPending c -> isShard(c.pendingId()) ? Ids.shard(c.pendingId()) : PLAIN_UNKNOWN;
            case Command.VoidPending c -> isShard(c.pendingId()) ? Ids.shard(c.pendingId()) : PLAIN_UNKNOWN;
            case Command.DecideAdjustment c -> isShard(c.adjustmentId()) ? Ids.shard(c.adjustmentId()) : PLAIN_UNKNOWN;
            // May be of a transaction over several shards, or open a child of a parent elsewhere, or end such a parent.
            case Command.Reverse c -> PLAIN_UNKNOWN;
            case Command.OpenAccount c ->
                c.account().parent() == null ? map.plainShard(c.account().code()) : PLAIN_UNKNOWN;
            case Command.ChangeAccount c ->
                c.change().state() == AccountState.CLOSED ? PLAIN_UNKNOWN : map.plainShard(c.account());
            case Command.CloseDay c -> PLAIN_UNKNOWN;
            default -> {
                int shard = PLAIN_UNKNOWN;
                for (String account : accounts(command)) {
                    int there = map.plainShard(account);
                    if (there == PLAIN_UNKNOWN || (shard >= 0 && there != shard)) {
                        yield PLAIN_UNKNOWN;
                    }
                    shard = there;
                }
                yield shard;
            }
        };
    }

    /** The accounts that a command names. */
    static List<String> accounts(Command command) {
        return switch (command) {
            case Command.Transfer c -> List.of(c.debitAccount(), c.creditAccount());
            case Command.Hold c -> List.of(c.debitAccount(), c.creditAccount());
            case Command.Post c -> c.legs().stream().map(Leg::account).toList();
            case Command.ProposeAdjustment c ->
                c.legs().stream().map(Leg::account).toList();
            case Command.OpenAccount c -> List.of(c.account().code());
            case Command.ChangeAccount c -> List.of(c.account());
            case Command.PostPending c -> List.of();
            case Command.VoidPending c -> List.of();
            case Command.Reverse c -> List.of();
            case Command.DecideAdjustment c -> List.of();
            case Command.CloseDay c -> List.of();
        };
    }

    /** What belongs to the ledger itself may not be used by callers. */
    private static Outcome.@Nullable Rejected reserved(Command command) {
        if (command.key().charAt(0) == Names.OWN_KEY) {
            return new Outcome.Rejected(
                    RejectionReason.RESERVED_NAME,
                    "idempotencyKey",
                    "keys that begin with " + Names.OWN_KEY + " are the ledger's own",
                    0,
                    false);
        }
        return switch (command) {
            case Command.Transfer c ->
                Names.isOwnAccount(c.debitAccount())
                        ? own("debitAccount", c.debitAccount())
                        : Names.isOwnAccount(c.creditAccount()) ? own("creditAccount", c.creditAccount()) : null;
            case Command.Hold c ->
                Names.isOwnAccount(c.debitAccount())
                        ? own("debitAccount", c.debitAccount())
                        : Names.isOwnAccount(c.creditAccount()) ? own("creditAccount", c.creditAccount()) : null;
            case Command.Post c -> reserved(c.legs());
            case Command.ProposeAdjustment c ->
                c.change() != null && Names.isOwnAccount(c.change().account())
                        ? own("change.account", c.change().account())
                        : reserved(c.legs());
            case Command.OpenAccount c ->
                Names.isOwnAccount(c.account().code())
                        ? own("code", c.account().code())
                        : c.account().parent() != null
                                        && Names.isOwnAccount(c.account().parent())
                                ? own("parent", c.account().parent())
                                : null;
            case Command.ChangeAccount c -> Names.isOwnAccount(c.account()) ? own("account", c.account()) : null;
            default -> null;
        };
    }

    private static Outcome.@Nullable Rejected reserved(List<Leg> legs) {
        for (int i = 0; i < legs.size(); i++) {
            if (Names.isOwnAccount(legs.get(i).account())) {
                return own("legs[" + i + "].account", legs.get(i).account());
            }
        }
        return null;
    }

    private static Outcome.Rejected own(String field, String code) {
        return new Outcome.Rejected(
                RejectionReason.RESERVED_NAME,
                field,
                code + ": accounts that begin with " + Names.OWN_ACCOUNT + " are the ledger's own",
                0,
                false);
    }

    private static Outcome.Rejected notAcross(String field, String detail) {
        return new Outcome.Rejected(RejectionReason.NOT_ACROSS_SHARDS, field, detail, 0, false);
    }

    private Outcome.Rejected apart(String field, String one, String other, String what, SlotMap map) {
        return notAcross(
                field,
                one + " is on shard " + shards.get(map.shard(one)).name() + " and " + other + " on "
                        + shards.get(map.shard(other)).name() + "; " + what + " must be on one");
    }

    /** Names the first leg that is on another shard than the one before all. */
    private Outcome.Rejected apart(List<Leg> legs, SlotMap map) {
        String first = legs.getFirst().account();
        for (int i = 1; i < legs.size(); i++) {
            String account = legs.get(i).account();
            if (map.shard(account) != map.shard(first)) {
                return apart("legs[" + i + "].account", first, account, "an adjustment", map);
            }
        }
        throw new IllegalStateException("all legs are on one shard");
    }

    private boolean isShard(long id) {
        return Ids.shard(id) < shards.size();
    }

    private boolean plainly(Command command, SlotMap map) {
        for (String account : accounts(command)) {
            if (map.plainShard(account) == PLAIN_UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /** To one shard. What it rejects because its accounts have moved away is sent again to where they are. */
    private CompletableFuture<Outcome> at(int shard, Command command, SlotMap map) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        shards.get(shard).ledger().submit(command).whenComplete((outcome, bug) -> {
            if (bug != null) {
                answer.completeExceptionally(bug);
            } else if (outcome instanceof Outcome.Rejected no && mayHaveMoved(no)) {
                blocking(() -> moved(command, map) ? carefully(command).join() : Globals.outcome(shard, no))
                        .thenAccept(answer::complete);
            } else {
                answer.complete(Globals.outcome(shard, outcome));
            }
        });
        return answer;
    }

    private static boolean mayHaveMoved(Outcome.Rejected no) {
        return no.reason() == RejectionReason.ACCOUNT_FROZEN || no.reason() == RejectionReason.ACCOUNT_NOT_FOUND;
    }

    /** Whether an account of the command is elsewhere than this map says. */
    private boolean moved(Command command, SlotMap map) {
        SlotMap now = routes.refresh();
        return now != map
                && accounts(command).stream()
                        .map(Placement::slot)
                        .anyMatch(slot -> !now.slot(slot).equals(map.slot(slot)));
    }

    /** By the map as it is, whatever it says of moves. */
    private CompletableFuture<Outcome> direct(Command command, int attempt, SlotMap map) {
        List<String> named = accounts(command);
        int shard = map.shard(named.getFirst());
        for (String account : named) {
            if (map.shard(account) != shard) {
                return across(command, attempt, map);
            }
        }
        return at(shard, command, map);
    }

    private CompletableFuture<Outcome> across(Command command, int attempt, SlotMap map) {
        ToIntFunction<String> shardOf = map::shard;
        try {
            return switch (command) {
                case Command.Transfer c -> drive(Plan.of(c, attempt, shardOf), command, map);
                case Command.Post c -> {
                    Outcome no = Bodies.wrong(c);
                    yield no != null
                            ? CompletableFuture.completedFuture(no)
                            : drive(Plan.of(c, attempt, shardOf), command, map);
                }
                case Command.Hold c ->
                    CompletableFuture.completedFuture(
                            apart("creditAccount", c.debitAccount(), c.creditAccount(), "a hold", map));
                case Command.ProposeAdjustment c -> CompletableFuture.completedFuture(apart(c.legs(), map));
                default -> throw new IllegalStateException("has accounts on one shard only: " + command);
            };
        } catch (Plan.TooLargeException e) {
            return CompletableFuture.completedFuture(notAcross("legs", String.valueOf(e.getMessage())));
        }
    }

    private CompletableFuture<Outcome> drive(Plan plan, Command command, SlotMap map) {
        CompletableFuture<Outcome> driven = new Drive(plan, shards, journals, accounts, faults, limit).start();
        return driven.thenCompose(outcome -> outcome instanceof Outcome.Rejected no && mayHaveMoved(no)
                ? blocking(() -> moved(command, map) ? carefully(command).join() : outcome)
                : CompletableFuture.completedFuture(outcome));
    }

    private CompletableFuture<Outcome> byId(Command command, long id, RejectionReason reason, String field) {
        if (!isShard(id)) {
            return CompletableFuture.completedFuture(
                    new Outcome.Rejected(reason, field, "nothing has id " + id, 0, false));
        }
        int shard = Ids.shard(id);
        return shards.get(shard)
                .ledger()
                .submit(Globals.local(command))
                .thenApply(outcome -> Globals.outcome(shard, outcome));
    }

    /** For accounts whose slots move, will move or have moved, and for what needs a look before. */
    private CompletableFuture<Outcome> carefully(Command command) {
        return blocking(() -> {
            for (int look = 0; look < MOST_LOOKS; look++) {
                SlotMap map = routes.current();
                Set<Integer> slots = new HashSet<>();
                accounts(command).forEach(account -> slots.add(Placement.slot(account)));
                boolean opens = command instanceof Command.OpenAccount;
                if (slots.stream().anyMatch(slot -> unsettled(map, slot, opens))) {
                    routes.await(map, LOOK_MS);
                    routes.refresh();
                    continue;
                }
                Earlier.Answer before = earlier.answer(command, map);
                if (before.outcome() != null) {
                    return before.outcome();
                }
                Outcome no = prepare(command, map);
                return no != null ? no : direct(command, before.attempt(), map).join();
            }
            return new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 1_000);
        });
    }

    /**
     * Whether the slot is out of service, or elsewhere than the map says. An account is opened only in a slot that
     * stays: a mover counts on knowing all accounts of those that it has announced.
     */
    private boolean unsettled(SlotMap map, int slot, boolean opens) {
        SlotMap.Slot known = map.slot(slot);
        return switch (known.state()) {
            case MOVING -> true;
            case ANNOUNCED -> opens || !routes.slot(slot).equals(known);
            case SETTLED -> opens && !routes.isFresh() && !routes.slot(slot).equals(known);
        };
    }

    /** What must be there before a command about accounts can be sent; why it cannot, or null. */
    private @Nullable Outcome prepare(Command command, SlotMap map) {
        if (command instanceof Command.OpenAccount open && open.account().parent() != null) {
            return Summaries.ensure(
                    shards, map.shard(open.account().code()), open.account().parent(), map);
        }
        if (command instanceof Command.ChangeAccount change && change.change().state() == AccountState.CLOSED) {
            Optional<Account> account =
                    shards.get(map.shard(change.account())).ledger().account(change.account());
            return account.isPresent() && account.get().isSummary()
                    ? notAcross(
                            "state",
                            change.account() + " is a summary account; of several shards, such accounts stay open")
                    : null;
        }
        return null;
    }

    /** The first shard last: when it says that the day is closed, it is closed on all. */
    private Outcome closeDay(Command.CloseDay close) {
        for (int shard = shards.size() - 1; shard > 0; shard--) {
            Outcome outcome = shards.get(shard).ledger().execute(close);
            boolean closed = outcome instanceof Outcome.DayClosed
                    || (outcome instanceof Outcome.Rejected no && no.reason() == RejectionReason.DAY_ALREADY_CLOSED);
            if (!closed) {
                return Globals.outcome(shard, outcome);
            }
        }
        return shards.getFirst().ledger().execute(close);
    }

    private Outcome reverse(Command.Reverse reverse) {
        return Reversals.reverse(
                reverse,
                shards.get(Ids.shard(reverse.transactionId())),
                journals,
                plan -> new Drive(plan, shards, journals, accounts, faults, limit)
                        .start()
                        .join(),
                earlier::settled,
                routes.current());
    }

    @FunctionalInterface
    private interface Work {
        Outcome run() throws InterruptedException;
    }

    private static CompletableFuture<Outcome> blocking(Work work) {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("shards-router").start(() -> {
            try {
                answer.complete(work.run());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                answer.complete(new Outcome.Unknown("interrupted; ask again with the same key"));
            } catch (RuntimeException e) {
                LOG.warn("a command was left as it is", e);
                answer.complete(new Outcome.Unknown("a shard does not answer; ask again with the same key"));
            }
        });
        return answer;
    }
}
