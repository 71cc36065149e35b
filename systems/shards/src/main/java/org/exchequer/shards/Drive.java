package org.exchequer.shards;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Marks;
import org.exchequer.shards.core.Marks.PartSize;
import org.exchequer.shards.core.Plan;
import org.exchequer.shards.core.TwoPhase;
import org.exchequer.shards.core.TwoPhase.Actor;
import org.exchequer.shards.core.TwoPhase.Side;
import org.exchequer.shards.core.TwoPhase.Step;
import org.exchequer.shards.core.Whole;
import org.exchequer.shards.core.Whole.Posting;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one transaction over several shards, from whatever it is to its end. Every step is a command under a key
 * that follows from the caller's, so doing a step again is asking what became of it; a drive that dies leaves
 * nothing but what the journals hold, and the next one, or a resolver, goes on from there.
 *
 * <p>Nothing here blocks but what goes to a virtual thread; no lock is held, in any database, between two steps.
 */
final class Drive {
    private static final Logger LOG = LoggerFactory.getLogger(Drive.class);

    /** How often a shard that takes no more is asked again before the caller is told. */
    private static final int PATIENCE = 20;

    private final Plan plan;
    private final List<Shard> shards;
    private final Journals journals;
    private final OwnAccounts accounts;
    private final Faults faults;
    private final Duration limit;
    private final Side[] sides;
    private final List<List<Long>> holds;
    private final List<List<Posting>> postings;
    private final CompletableFuture<Outcome> answer = new CompletableFuture<>();
    private Outcome.@Nullable Rejected refusal;
    private boolean replayed;
    /** Whether the next step is up to a virtual thread. */
    private boolean elsewhere;

    private String unknown = "the outcome of a step is not known";

    Drive(Plan plan, List<Shard> shards, Journals journals, OwnAccounts accounts, Faults faults, Duration limit) {
        this.plan = plan;
        this.shards = shards;
        this.journals = journals;
        this.accounts = accounts;
        this.faults = faults;
        this.limit = limit;
        this.sides = new Side[plan.parts().size()];
        Arrays.fill(sides, Side.ABSENT);
        this.holds = new ArrayList<>(Collections.nCopies(sides.length, List.of()));
        this.postings = new ArrayList<>(Collections.nCopies(sides.length, List.of()));
    }

    /** Begins; completes as {@link org.exchequer.ledger.api.Ledger#submit} does. */
    CompletableFuture<Outcome> start() {
        guarded(this::step);
        return answer;
    }

    private Shard shard(int part) {
        return shards.get(plan.parts().get(part).shard());
    }

    private void step() {
        switch (TwoPhase.next(List.of(sides), Actor.DRIVER)) {
            case Step.Reserve reserve -> reserve(reserve.part());
            case Step.Decide decide -> {
                faults.at("shards.decide.before");
                send(0, plan.decide(holds.getFirst()), PATIENCE, this::decided);
            }
            case Step.Complete complete -> complete(complete.part());
            case Step.RollBack rollBack -> {
                faults.at("shards.rollback.before");
                release(0);
            }
            case Step.Release release -> {
                faults.at("shards.release.before");
                release(release.part());
            }
            case Step.Done done -> answer.complete(done.committed() ? posted() : rejected());
            case Step.Wait wait -> answer.complete(new Outcome.Unknown(unknown + "; ask again with the same key"));
            case Step.Bar bar -> throw new IllegalStateException("a driver knows what it reserved");
            case Step.Broken broken -> {
                LOG.error("transaction {} over several shards: {}", plan.transaction(), broken.why());
                answer.complete(new Outcome.Unknown(broken.why()));
            }
        }
    }

    private void reserve(int part) {
        faults.at(part == 0 ? "shards.reserve.coordinator.before" : "shards.reserve.participant.before");
        if (accounts.known(plan.items(part))) {
            send(part, plan.holds(part, limit), PATIENCE, outcomes -> reserved(part, outcomes));
            return;
        }
        accounts.open(shard(part), plan.items(part))
                .whenComplete((open, bug) -> guarded(() -> {
                    if (bug != null || !open) {
                        unknown(part, "shard " + shard(part).name() + " cannot open its accounts in transit now");
                    } else {
                        send(part, plan.holds(part, limit), PATIENCE, outcomes -> reserved(part, outcomes));
                    }
                }));
    }

    private void reserved(int part, List<Outcome> outcomes) {
        Outcome.Rejected no = Whole.culprit(outcomes);
        if (no != null && no.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED) {
            onVirtualThread(part, () -> reservedOtherwise(part, no));
            return;
        }
        if (no != null) {
            sides[part] = Side.REFUSED;
            refusal = new Outcome.Rejected(
                    no.reason(), field(part, outcomes.indexOf(no), no), no.detail(), sequence(part, no), no.replayed());
        } else if (outcomes.stream().allMatch(Outcome.Held.class::isInstance)) {
            sides[part] = Side.HELD;
            holds.set(
                    part,
                    outcomes.stream()
                            .map(held -> ((Outcome.Held) held).pending().id())
                            .toList());
            faults.at(part == 0 ? "shards.reserve.coordinator.after" : "shards.reserve.participant.after");
        } else {
            unseen(part, outcomes);
        }
    }

    /** The key is taken: by this very request under another limit, or by another request. */
    private void reservedOtherwise(int part, Outcome.Rejected no) {
        List<org.exchequer.ledger.api.PendingTransaction> placed = journals.holds(
                plan.transaction(),
                new PartSize(shard(part).index(), plan.items(part).size()));
        Marks marks = placed.isEmpty() ? null : Marks.of(placed.getFirst());
        if (marks != null
                && marks.request().equals(plan.request())
                && marks.key().equals(plan.key())) {
            if (!marks.parts().equals(sizes())) {
                unknown(part, "an account has moved since the transaction began");
                return;
            }
            sides[part] = Side.HELD;
            holds.set(
                    part,
                    placed.stream()
                            .map(org.exchequer.ledger.api.PendingTransaction::id)
                            .toList());
        } else if (part == 0) {
            answer.complete(new Outcome.Rejected(
                    no.reason(),
                    "idempotencyKey",
                    "key " + plan.key() + " was used before for a different command",
                    0,
                    false));
        } else {
            unknown(part, "a participant knows another transaction under this name");
        }
    }

    private List<PartSize> sizes() {
        return IntStream.range(0, sides.length)
                .mapToObj(part ->
                        new PartSize(shard(part).index(), plan.items(part).size()))
                .toList();
    }

    private void decided(List<Outcome> outcomes) {
        Outcome.Rejected no = Whole.culprit(outcomes);
        if (no == null && outcomes.stream().allMatch(Outcome.Posted.class::isInstance)) {
            sides[0] = Side.POSTED;
            replayed = ((Outcome.Posted) outcomes.getFirst()).replayed();
            keep(0, outcomes);
            faults.at("shards.decide.after");
        } else if (no == null) {
            unseen(0, outcomes);
        } else if (no.reason() == RejectionReason.PENDING_ALREADY_VOIDED
                || no.reason() == RejectionReason.PENDING_EXPIRED) {
            // Somebody else has rolled it back, or the coordinator's clock has: too late for good.
            sides[0] = Side.GONE;
        } else {
            sides[0] = Side.BLOCKED;
            refusal = new Outcome.Rejected(
                    no.reason(), field(0, outcomes.indexOf(no), no), no.detail(), sequence(0, no), no.replayed());
        }
    }

    private void complete(int part) {
        faults.at("shards.complete.before");
        send(
                part,
                Plan.complete(plan.transaction(), shard(part).index(), holds.get(part), plan.details(), 0, false),
                PATIENCE,
                outcomes -> {
                    if (outcomes.stream().allMatch(Outcome.Posted.class::isInstance)) {
                        sides[part] = Side.POSTED;
                        keep(part, outcomes);
                        faults.at("shards.complete.after");
                    } else if (Whole.culprit(outcomes) != null) {
                        onVirtualThread(part, () -> completeOtherwise(part));
                    } else {
                        unseen(part, outcomes);
                    }
                });
    }

    /** The first attempt was refused, perhaps long ago: others may have followed. */
    private void completeOtherwise(int part) {
        PartSize size = new PartSize(shard(part).index(), plan.items(part).size());
        sides[part] = journals.complete(plan.transaction(), size, plan.details());
        if (sides[part] == Side.POSTED) {
            postings.set(part, journals.postings(plan.transaction(), size));
        } else if (sides[part] == Side.BLOCKED) {
            unknown = "the transaction is decided on and in transit: an account that it goes to is frozen";
        }
    }

    private void release(int part) {
        send(part, Plan.release(plan.transaction(), shard(part).index(), holds.get(part)), PATIENCE, outcomes -> {
            sides[part] = Journals.ended(outcomes);
            faults.at(part == 0 ? "shards.rollback.after" : "shards.release.after");
        });
    }

    /** Sends, takes the answers in, and goes on. */
    private void send(int part, List<Command> commands, int patience, Consumer<List<Outcome>> then) {
        Journals.send(shard(part), commands)
                .whenComplete((outcomes, bug) -> guarded(() -> {
                    if (bug != null) {
                        unknown(
                                part,
                                "shard " + shard(part).name() + " broke its promise to answer: " + bug.getMessage());
                    } else if (outcomes.getFirst() instanceof Outcome.Refused refused && patience > 0) {
                        CompletableFuture.delayedExecutor(
                                        Math.max(1, refused.retryAfterMs() / 4), TimeUnit.MILLISECONDS)
                                .execute(() -> guarded(() -> send(part, commands, patience - 1, then)));
                    } else {
                        then.accept(outcomes);
                        if (!answer.isDone() && !elsewhere) {
                            step();
                        }
                    }
                }));
    }

    private void onVirtualThread(int part, Runnable work) {
        elsewhere = true;
        Thread.ofVirtual()
                .name("shards-drive")
                .start(() -> guarded(() -> {
                    work.run();
                    elsewhere = false;
                    if (!answer.isDone()) {
                        step();
                    }
                }));
    }

    /** Whatever stops a drive: its caller is told that the outcome is open, and the journals say the rest. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("transaction {} over several shards was left as it is", plan.transaction(), e);
            answer.complete(new Outcome.Unknown("the transaction was left in doubt; ask again with the same key"));
        }
    }

    private void unseen(int part, List<Outcome> outcomes) {
        Outcome first = outcomes.getFirst();
        if (first instanceof Outcome.Refused && part == 0 && sides[0] == Side.ABSENT) {
            answer.complete(first);
            return;
        }
        unknown(
                part,
                first instanceof Outcome.Unknown open
                        ? open.why()
                        : "shard " + shard(part).name() + " takes no more");
    }

    private void unknown(int part, String why) {
        sides[part] = Side.UNSEEN;
        unknown = why;
        answer.complete(new Outcome.Unknown(why + "; ask again with the same key"));
    }

    private void keep(int part, List<Outcome> outcomes) {
        List<Posting> kept = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            kept.add(new Posting(plan.items(part).get(i).leg(), ((Outcome.Posted) outcomes.get(i)).transaction()));
        }
        postings.set(part, kept);
    }

    private Outcome posted() {
        return new Outcome.Posted(
                Whole.of(
                        plan.key(),
                        shard(0).index(),
                        plan.reverses(),
                        postings.stream().flatMap(List::stream).toList()),
                replayed);
    }

    private Outcome rejected() {
        return refusal != null
                ? refusal
                : new Outcome.Rejected(
                        RejectionReason.IN_DOUBT_TIMEOUT,
                        "idempotencyKey",
                        "not decided within " + limit.toSeconds() + " s, and rolled back; send it with a new key",
                        0,
                        false);
    }

    private long sequence(int part, Outcome.Rejected no) {
        return no.sequence() == 0 ? 0 : Ids.global(shard(part).index(), no.sequence());
    }

    /** The field of the caller's command that a shard's word for it means. */
    private String field(int part, int item, Outcome.Rejected no) {
        if (plan.reverses() != null) {
            return no.field().equals("amount") ? "amount" : "transactionId";
        }
        int leg = plan.items(part).get(item).leg();
        boolean account = !no.field().equals("amount") && !no.field().equals("valueDate");
        if (plan.named()) {
            return no.field().equals("valueDate")
                    ? "valueDate"
                    : "legs[" + Math.max(0, leg) + "]." + (account ? "account" : "amount");
        }
        return !account ? no.field() : leg == 0 ? "debitAccount" : "creditAccount";
    }
}
