package org.exchequer.inward.jobs;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.exchequer.inward.Telling;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Status;
import org.exchequer.inward.core.Answers;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.Ending;
import org.exchequer.inward.core.FollowUp;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.core.Lifecycle;
import org.exchequer.inward.store.PaymentLog;
import org.exchequer.inward.store.Payments;
import org.exchequer.iso20022.AnswerWriter;
import org.exchequer.iso20022.Finding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out how payments ended that nobody works on any more: the process died, or the ledger had not said in time.
 * What is in the journal was carried out; of all else the key is taken, so that it never will be.
 */
public final class Resolver {
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);
    private static final int MOST = 200;

    /** How long a payment of another node is left to it. */
    static final Duration OTHERS = Duration.ofSeconds(60);

    private final Payments payments;
    private final PaymentLog log;
    private final Inquiry inquiry;
    private final Predicate<UUID> running;
    private final Clock clock;
    private final String node;

    /** What the ledger says. */
    public sealed interface Found {
        /**
         * Carried out; for a cancellation, what it is about never will be.
         *
         * @param byHand whether people have ordered it
         */
        record CarriedOut(@Nullable Long posted, boolean byHand) implements Found {}

        /** Not carried out. */
        record NotCarriedOut(State state, Finding why) implements Found {}

        /** Not known yet. */
        record Unknown(String why) implements Found {}
    }

    /** Asks the ledger; null as intake when the stored message cannot be read. */
    @FunctionalInterface
    public interface Inquiry {
        Found ask(Payments.Open open, Intake intake) throws SQLException;
    }

    /** Reads a stored message again. */
    private final java.util.function.Function<byte[], Intake> reader;

    /** @param running whether a payment is being worked on by this process */
    public Resolver(
            Payments payments,
            PaymentLog log,
            Inquiry inquiry,
            java.util.function.Function<byte[], Intake> reader,
            Predicate<UUID> running,
            Clock clock,
            String node) {
        this.payments = payments;
        this.log = log;
        this.inquiry = inquiry;
        this.reader = reader;
        this.running = running;
        this.clock = clock;
        this.node = node;
    }

    /** Resolves what there is; how many got their final answer. */
    public int run() throws SQLException, InterruptedException {
        int resolved = 0;
        for (Payments.Open open : payments.open(node, clock.instant().minus(OTHERS), MOST)) {
            if (!running.test(open.id())) {
                resolved += resolve(open) == Asked.RESOLVED ? 1 : 0;
            }
        }
        return resolved;
    }

    /** What asking about one payment has brought. */
    public enum Asked {
        /** Its final answer. */
        RESOLVED,
        /** It has its final answer already, or another asked at the same time. */
        FINAL_BEFORE,
        /** It is being worked on, here or on another node. */
        UNDER_WAY,
        /** Nothing yet. */
        STILL_UNKNOWN
    }

    /** Asks about one payment now; the same as the job does, and safe beside it. */
    public Asked ask(UUID id, boolean done) throws SQLException, InterruptedException {
        if (done) {
            return Asked.FINAL_BEFORE;
        }
        Optional<Payments.Open> open = running.test(id)
                ? Optional.empty()
                : payments.open(node, clock.instant().minus(OTHERS), id);
        return open.isEmpty() ? Asked.UNDER_WAY : resolve(open.get());
    }

    private Asked resolve(Payments.Open open) throws SQLException, InterruptedException {
        Intake intake = reader.apply(open.message());
        Found found = inquiry.ask(open, intake);
        if (found instanceof Found.Unknown(String why)) {
            LOG.info("Payment {} is still not known: {}", open.id(), why);
            return Asked.STILL_UNKNOWN;
        }
        Ending ending = ending(open, intake, found);
        try {
            return log.end(ending, Telling.of(intake, ending)).get() ? Asked.RESOLVED : Asked.FINAL_BEFORE;
        } catch (ExecutionException e) {
            throw new SQLException(e.getCause());
        }
    }

    private Ending ending(Payments.Open open, Intake intake, Found found) {
        State end;
        Finding why = null;
        Long posted = null;
        boolean byHand = false;
        if (found instanceof Found.NotCarriedOut(State state, Finding finding)) {
            end = state;
            why = finding;
        } else {
            end = State.COMPLETED;
            posted = ((Found.CarriedOut) found).posted();
            byHand = ((Found.CarriedOut) found).byHand();
        }
        Instant now = clock.instant();
        boolean owes = Course.movesNewMoney(intake.type());
        return new Ending(
                open.id(),
                end,
                byHand ? Status.EMERGENCY_PROCESSED : end.status(),
                now,
                Duration.between(open.receivedAt(), now).toNanos(),
                false,
                AnswerWriter.write(Answers.of(open.id(), intake, end, why, now)),
                Answers.code(intake.type(), end).name(),
                why,
                fallbacks(open.way()),
                byHand,
                posted,
                open.reservation(),
                owes ? FollowUp.of(end == State.COMPLETED, open.reservation() != null) : null,
                events(open, end, why, now));
    }

    /** Stages that did with less, as far as is known. */
    private static List<String> fallbacks(List<State> way) {
        return way.stream()
                .filter(Course::isWithLess)
                .map(state -> state.stage().name())
                .toList();
    }

    /** What is known of its way: where it stood when it was stored last, and that time had run out. */
    private List<PaymentEvent> events(Payments.Open open, State end, @Nullable Finding why, Instant now) {
        State known = open.way().isEmpty() ? open.state() : open.way().getLast();
        List<State> way = new ArrayList<>(List.of(known.terminal() ? open.state() : known));
        if (way.getLast() == State.MESSAGE_RECEIVED) {
            way.add(State.IDEMPOTENCY_CHECK);
        }
        if (way.getLast() != State.SLA_BREACH && way.getLast() != State.EMERGENCY_PROCESSING) {
            way.add(State.SLA_BREACH);
        }
        if (way.getLast() != State.EMERGENCY_PROCESSING) {
            way.add(State.EMERGENCY_PROCESSING);
        }
        way.add(end);
        List<PaymentEvent> events = new ArrayList<>();
        for (int i = 1; i < way.size(); i++) {
            boolean last = i == way.size() - 1;
            events.add(new PaymentEvent(
                    open.way().size() + i,
                    way.get(i - 1),
                    Lifecycle.move(way.get(i - 1), way.get(i)),
                    now,
                    Duration.between(open.receivedAt(), now).toNanos(),
                    0,
                    0,
                    0,
                    0,
                    node,
                    Thread.currentThread().getName(),
                    List.of(),
                    last && why != null ? why.code() : null,
                    last ? why == null ? "found in the ledger" : why.text() : null,
                    null));
        }
        return events;
    }
}
