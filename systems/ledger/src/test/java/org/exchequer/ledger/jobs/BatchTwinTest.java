package org.exchequer.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.CommandGenerator;
import org.exchequer.ledger.core.NaiveLedger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batches and the core against the naive twin, over more than a million seeded commands: holds, partial postings,
 * reversals, linked batches, repeated keys, timeouts, days closed, a clock that jumps, and batches that are taken back
 * and decided again. Every answer, its place in the journal and every total must agree.
 */
class BatchTwinTest {
    private static final int COMMANDS = 500;
    private static final Instant START =
            CommandGenerator.FIRST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC);

    /** One seeded stream. */
    private static final class Run {
        final long seed;
        final Random random;
        final CommandGenerator generator;
        final NaiveLedger naive = new NaiveLedger();
        final MemoryEngine engine = new MemoryEngine();
        final Map<String, Outcome> first = new HashMap<>();
        final List<Command> sent = new ArrayList<>();
        final Set<RejectionReason> met = EnumSet.noneOf(RejectionReason.class);
        Instant now = START;
        int commands;
        int snapshots;

        @Nullable
        MemoryEngine serial;

        UnaryOperator<Instant> engineClock = now -> now;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.generator = new CommandGenerator(random, 10 + (int) (seed % 20));
        }

        /** What is expected of one command: a reason or acceptance, and its place; 0 for no place of its own. */
        private record Expected(Command command, @Nullable RejectionReason reason, long place, boolean repeated) {}

        void batch() {
            now = now.plus(
                    switch (random.nextInt(12)) {
                        case 0 -> Duration.ofHours(random.nextInt(40));
                        case 1, 2 -> Duration.ofSeconds(random.nextInt(90));
                        default -> Duration.ofMillis(random.nextInt(3_000));
                    });
            naive.expire(now);
            List<Submission> submissions = new ArrayList<>();
            List<Expected> expected = new ArrayList<>();
            for (int i = 1 + random.nextInt(random.nextInt(5) == 0 ? 60 : 6); i > 0; i--) {
                switch (sent.isEmpty() ? 20 : random.nextInt(20)) {
                    case 0 -> repeat(submissions, expected);
                    case 1 -> reuseKey(submissions, expected);
                    case 2 -> linked(submissions, expected);
                    default -> alone(submissions, expected);
                }
            }
            List<Outcome> outcomes = commit(submissions, engineClock.apply(now));
            for (int i = 0; i < expected.size(); i++) {
                compare(expected.get(i), outcomes.get(i));
            }
            commands += expected.size();
        }

        private List<Outcome> commit(List<Submission> submissions, Instant at) {
            if (submissions.size() > 1 && random.nextBoolean()) {
                int half = 1 + random.nextInt(submissions.size() - 1);
                List<Submission> before = submissions.subList(0, half);
                List<Submission> after = submissions.subList(half, submissions.size());
                commitSerially(before, at);
                List<Outcome> outcomes =
                        engine.commitAhead(before, after, at, random.nextInt(4) == 0, this::comparePublished);
                commitSerially(after, at);
                comparePublished();
                return outcomes;
            }
            commitSerially(submissions, at);
            return engine.commit(submissions, at, random.nextInt(8) == 0 ? 1 : 0);
        }

        private void commitSerially(List<Submission> submissions, Instant at) {
            if (serial != null) {
                serial.commit(submissions.stream().map(Run::copy).toList(), at, 0);
            }
        }

        private static Submission copy(Submission submission) {
            List<Command> commands = new ArrayList<>(List.of(submission.command));
            submission.followers.forEach(follower -> commands.add(follower.command));
            return commands.size() == 1 ? new Submission(commands.getFirst()) : Submission.linked(commands);
        }

        /** What readers see is what they would see if no batch were decided before the one before it is durable. */
        private void comparePublished() {
            if (serial != null) {
                assertThat(engine.books.snapshot())
                        .as("seed %d, command %d", seed, commands)
                        .usingRecursiveComparison()
                        .isEqualTo(serial.books.snapshot());
                snapshots++;
            }
        }

        private void alone(List<Submission> submissions, List<Expected> expected) {
            Command command = generator.next();
            submissions.add(new Submission(command));
            RejectionReason reason = naive.execute(command, now);
            expected.add(new Expected(command, reason, naive.size(), false));
            sent.add(command);
        }

        private void repeat(List<Submission> submissions, List<Expected> expected) {
            Command command = sent.get(random.nextInt(sent.size()));
            submissions.add(new Submission(command));
            expected.add(new Expected(command, null, 0, true));
        }

        private void reuseKey(List<Submission> submissions, List<Expected> expected) {
            Command command = new Command.Reverse(
                    sent.get(random.nextInt(sent.size())).key(), 999_999, Details.reference("another request"));
            submissions.add(new Submission(command));
            expected.add(new Expected(command, RejectionReason.IDEMPOTENCY_KEY_REUSED, 0, false));
        }

        private void linked(List<Submission> submissions, List<Expected> expected) {
            List<Command> commands = generator.nextLinked();
            submissions.add(Submission.linked(commands));
            List<@Nullable RejectionReason> reasons = naive.executeLinked(commands, now);
            for (int i = 0; i < commands.size(); i++) {
                expected.add(
                        new Expected(commands.get(i), reasons.get(i), naive.size() - commands.size() + i + 1, false));
            }
            sent.addAll(commands);
        }

        private void compare(Expected expected, Outcome outcome) {
            Command command = expected.command();
            if (expected.repeated()) {
                Outcome before = first.get(command.key());
                if (before == null || !withoutFlag(outcome).equals(withoutFlag(before))) {
                    throw new AssertionError(at(command, outcome) + ", first answered " + before);
                }
                return;
            }
            RejectionReason reason = outcome instanceof Outcome.Rejected rejected ? rejected.reason() : null;
            if (reason != expected.reason()) {
                throw new AssertionError(at(command, outcome) + ", the twin says " + expected.reason());
            }
            if (reason != null) {
                met.add(reason);
            }
            if (place(outcome) != expected.place()) {
                throw new AssertionError(at(command, outcome) + ", the twin has it at " + expected.place());
            }
            if (expected.place() > 0) {
                first.put(command.key(), outcome);
            }
            switch (outcome) {
                case Outcome.Posted posted ->
                    generator.postedAt(posted.transaction().id());
                case Outcome.Held held -> generator.heldAt(held.pending().id());
                case Outcome.Proposed proposed ->
                    generator.proposedAt(proposed.adjustment().id());
                default -> {}
            }
        }

        private String at(Command command, Outcome outcome) {
            return "seed " + seed + ", command " + commands + ": " + command + " → " + outcome;
        }

        void compareTotals() {
            for (String code : naive.codes()) {
                Books.Totals totals = Objects.requireNonNull(engine.books.totals(code));
                assertThat(List.of(totals.debits(), totals.credits(), totals.pendingDebits(), totals.pendingCredits()))
                        .as("seed %d, account %s", seed, code)
                        .isEqualTo(List.of(
                                naive.turnover(code, Side.DEBIT).longValueExact(),
                                naive.turnover(code, Side.CREDIT).longValueExact(),
                                naive.pending(code, Side.DEBIT).longValueExact(),
                                naive.pending(code, Side.CREDIT).longValueExact()));
            }
        }
    }

    private static long place(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted posted -> posted.transaction().id();
            case Outcome.Held held -> held.pending().id();
            case Outcome.Released released -> released.sequence();
            case Outcome.Proposed proposed -> proposed.adjustment().id();
            case Outcome.Dismissed dismissed -> dismissed.sequence();
            case Outcome.DayClosed closed -> closed.close().sequence();
            case Outcome.AccountChanged changed -> changed.sequence();
            case Outcome.Rejected rejected -> rejected.sequence();
            case Outcome.Refused refused -> -1;
            case Outcome.Unknown unknown -> -1;
        };
    }

    private static Outcome withoutFlag(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted o -> new Outcome.Posted(o.transaction(), false);
            case Outcome.Held o -> new Outcome.Held(o.pending(), false);
            case Outcome.Released o -> new Outcome.Released(o.pendingId(), o.released(), o.sequence(), false);
            case Outcome.Proposed o -> new Outcome.Proposed(o.adjustment(), false);
            case Outcome.Dismissed o -> new Outcome.Dismissed(o.adjustmentId(), o.sequence(), false);
            case Outcome.DayClosed o -> new Outcome.DayClosed(o.close(), false);
            case Outcome.AccountChanged o -> new Outcome.AccountChanged(o.account(), o.sequence(), false);
            case Outcome.Rejected o -> new Outcome.Rejected(o.reason(), o.field(), o.detail(), o.sequence(), false);
            case Outcome.Refused o -> o;
            case Outcome.Unknown o -> o;
        };
    }

    private static Run run(long seed) {
        Run run = new Run(seed);
        while (run.commands < COMMANDS) {
            run.batch();
        }
        run.compareTotals();
        return run;
    }

    @ParameterizedTest(name = "seeds {0}000 to {0}999")
    @ValueSource(ints = {0, 1})
    void agrees_with_the_naive_twin_over_half_a_million_commands(int thousand) {
        long commands = 0;
        Set<RejectionReason> met = EnumSet.noneOf(RejectionReason.class);
        for (int i = 0; i < 1_000; i++) {
            Run run = run(thousand * 1_000L + i);
            commands += run.commands;
            met.addAll(run.met);
        }
        assertThat(commands).isGreaterThan(500_000);
        assertThat(met)
                .as("every reason was met but those of sealing, and those that only a ledger of several shards has")
                .isEqualTo(EnumSet.complementOf(EnumSet.of(
                        RejectionReason.NOT_SEALABLE,
                        RejectionReason.SUBJECT_ERASED,
                        RejectionReason.NOT_ACROSS_SHARDS,
                        RejectionReason.IN_DOUBT_TIMEOUT,
                        RejectionReason.RESERVED_NAME)));
    }

    @Test
    void a_batch_decided_ahead_is_not_seen_before_it_is_durable() {
        int snapshots = 0;
        for (long seed = 5_000; seed < 5_040; seed++) {
            Run run = new Run(seed);
            run.serial = new MemoryEngine();
            while (run.commands < COMMANDS) {
                run.batch();
            }
            snapshots += run.snapshots;
        }
        assertThat(snapshots).isGreaterThan(1_000);
    }

    @Test
    void an_engine_with_a_planted_bug_is_caught() {
        // The check itself must be able to fail: this engine's clock stands still, so its holds never expire.
        boolean caught = false;
        for (long seed = 1; seed <= 5 && !caught; seed++) {
            Run run = new Run(seed);
            run.engineClock = now -> START;
            try {
                while (run.commands < COMMANDS) {
                    run.batch();
                }
            } catch (AssertionError found) {
                caught = true;
            }
        }
        assertThat(caught).isTrue();
    }
}
