package org.exchequer.inward;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.Live;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Submission;
import org.exchequer.inward.breach.Hindsight;
import org.exchequer.inward.control.Control;
import org.exchequer.inward.control.Measures;
import org.exchequer.inward.control.Stance;
import org.exchequer.inward.control.WorkGate;
import org.exchequer.inward.core.Ending;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Sla;
import org.exchequer.inward.jobs.FollowUps;
import org.exchequer.inward.known.KnownAnswers;
import org.exchequer.inward.partner.BreakerOverride;
import org.exchequer.inward.partner.BreakerReading;
import org.exchequer.inward.partner.Places;
import org.exchequer.inward.store.PaymentLog;
import org.exchequer.inward.store.Payments;
import org.exchequer.inward.store.Receipt;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction.Priority;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages, works on each on a virtual thread of its own, and sees to it that each is answered in time: whatever
 * hangs, at {@code Sla.emergency()} its sender is told what is known.
 *
 * <p>An answer is given once it is durable. Only "pending" is given without waiting for that: it promises nothing.
 */
public final class Processor implements Inward, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);
    private static final long LOOK_AGAIN = Duration.ofMillis(20).toNanos();
    private static final long FOR_STALE = Duration.ofSeconds(2).toNanos();
    private static final long BUSY_MS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private final Parts parts;
    private final PaymentLog log;
    private final FollowUps followUps;
    private final Burial burial;
    private final Measures measures;
    private final WorkGate gate;
    private final BooleanSupplier ready;
    private final MeterRegistry meters;
    private final Identifiers ids;
    private final Messages messages = new Messages();
    private final Semaphore places;
    private final Map<UUID, CompletableFuture<Answered>> running = new ConcurrentHashMap<>();
    private final Map<UUID, Flow> flows = new ConcurrentHashMap<>();
    private final KnownAnswers known;
    private final ScheduledThreadPoolExecutor watchdog;
    private final AtomicLong threads = new AtomicLong();
    private final Map<State, Timer> stages = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param ready whether messages can be judged; none is taken before */
    Processor(
            Parts parts,
            PaymentLog log,
            FollowUps followUps,
            Burial burial,
            Control control,
            KnownAnswers known,
            BooleanSupplier ready,
            MeterRegistry meters) {
        this.parts = parts;
        this.measures = control.measures();
        this.gate = control.gate();
        this.log = log;
        this.followUps = followUps;
        this.known = known;
        this.burial = burial;
        this.ready = ready;
        this.meters = meters;
        this.ids = new Identifiers(parts.clock());
        this.places = new Semaphore(parts.settings().mostAtOnce());
        this.watchdog = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("inward-watchdog").daemon().factory());
        watchdog.setRemoveOnCancelPolicy(true);
        meters.gauge("exchequer.inward.running", running, Map::size);
        meters.gauge("exchequer.inward.waiting", gate, WorkGate::waiting);
        meters.gauge("exchequer.inward.limit", gate, WorkGate::limit);
        meters.gauge(
                "exchequer.inward.at_risk",
                flows,
                all -> all.values().stream().filter(Flow::atRisk).count());
    }

    @Override
    public Submission submit(byte[] message, String door, Duration waited) {
        long received = parts.ticker().nanos();
        Instant now = parts.clock().instant();
        return switch (messages.read(message)) {
            case Messages.Unreadable(Finding why) -> bury(message, door, now, why);
            case Messages.Taken(Intake intake) -> {
                Optional<Answered> before = known.find(intake.digest());
                if (before.isPresent()) {
                    yield new Submission.Taken(CompletableFuture.completedFuture(before.get()));
                }
                if (closed || !ready.getAsBoolean() || gate.isCrowded(priority(intake)) || !places.tryAcquire()) {
                    yield new Submission.Busy(BUSY_MS);
                }
                Stance stance = measures.stance(intake);
                NewPayment payment = new NewPayment(
                        ids.next(),
                        intake,
                        LocalDate.ofInstant(now, ZoneOffset.UTC),
                        door,
                        parts.node(),
                        now,
                        Math.max(0, waited.toNanos()),
                        message,
                        new NewPayment.Conditions(stance.revision(), stance.experiments(), stance.measures()));
                yield start(payment, stance, received);
            }
        };
    }

    private Submission bury(byte[] message, String door, Instant now, Finding why) {
        UUID id = ids.next();
        return burial.bury(id, now, door, why.code(), why.text(), message)
                ? new Submission.Unreadable(id, why.code(), why.text())
                : new Submission.Busy(BUSY_MS);
    }

    private static Priority priority(Intake intake) {
        Priority given =
                intake.instruction() == null ? null : intake.instruction().priority();
        return given == null ? Priority.NORMAL : given;
    }

    private Submission start(NewPayment payment, Stance stance, long received) {
        CompletableFuture<Answered> answer = new CompletableFuture<>();
        running.put(payment.id(), answer);
        Optional<CompletableFuture<Receipt>> receipt = log.receive(payment);
        if (receipt.isEmpty()) {
            running.remove(payment.id());
            places.release();
            return new Submission.Busy(BUSY_MS);
        }
        Flow flow = new Flow(parts, payment, stance, receipt.get(), received);
        flows.put(payment.id(), flow);
        Sla sla = stance.settings().sla();
        boolean stale = payment.waitedNanos() >= sla.hard().toNanos();
        // What came too late is refused at once; it must not be told "pending" before that can be stored.
        long left = stale ? FOR_STALE : sla.emergency().toNanos() - payment.waitedNanos();
        ScheduledFuture<?> watch = watchdog.schedule(
                () -> Thread.ofVirtual().start(() -> answerAsPending(flow, payment, answer)),
                Math.max(0, left),
                TimeUnit.NANOSECONDS);
        var unused = answer.whenComplete((done, failure) -> watch.cancel(false));
        Thread.ofVirtual()
                .name("inward-" + threads.incrementAndGet())
                .start(() -> ScopedValue.where(Stance.CURRENT, stance)
                        .where(Places.PRIORITY, priority(payment.intake()))
                        .run(() -> work(flow, payment, answer)));
        return new Submission.Taken(answer);
    }

    private void answerAsPending(Flow flow, NewPayment payment, CompletableFuture<Answered> answer) {
        Ending ending = flow.pending();
        UUID first = flow.first();
        UUID known = first == null ? payment.id() : first;
        if (answer.complete(new Answered(known, ending.answer(), ending.answerStatus(), first != null))) {
            meters.counter("exchequer.inward.pending").increment();
            if (first != null) {
                return; // the first one's answer will be stored
            }
            try {
                var unused = log.end(ending, Telling.of(payment.intake(), ending));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void work(Flow flow, NewPayment payment, CompletableFuture<Answered> answer) {
        boolean entered = gate.enter(priority(payment.intake()), flow.worthUntil());
        long began = parts.ticker().nanos();
        try {
            switch (flow.run()) {
                case Flow.Result.Ended(Ending ending) -> {
                    known.decided(false);
                    finish(payment, ending, flow.sla(), answer);
                }
                case Flow.Result.Repeated(UUID first, byte[] given) -> {
                    known.decided(true);
                    repeat(payment, first, given, answer);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | ExecutionException | SQLException e) {
            // The watchdog answers, and the resolver finds out how it ended.
            LOG.error("Payment {} is left to be resolved", payment.id(), e);
        } finally {
            if (entered) {
                gate.leave(parts.ticker().nanos() - began);
            }
            running.remove(payment.id());
            flows.remove(payment.id());
            places.release();
        }
    }

    private void finish(NewPayment payment, Ending ending, Sla sla, CompletableFuture<Answered> answer)
            throws InterruptedException, ExecutionException, SQLException {
        parts.faults().at("inward.answer.before");
        boolean stored = log.end(ending, Telling.of(payment.intake(), ending)).get();
        parts.faults().at("inward.answer.after");
        Answered answered = new Answered(payment.id(), ending.answer(), ending.answerStatus(), false);
        if (!stored) {
            Optional<Payments.Given> other = parts.payments().answer(payment.id());
            if (other.isPresent()) {
                answered = new Answered(
                        payment.id(), other.get().message(), other.get().status(), false);
            }
        } else {
            measure(ending, sla);
        }
        if (ending.state().terminal()) {
            known.remember(payment.intake().digest(), answered);
        }
        answer.complete(answered);
        if (stored && ending.followUp() != null) {
            followUps.start(owed(payment, ending));
        }
    }

    private static Payments.Owed owed(NewPayment payment, Ending ending) {
        return new Payments.Owed(
                ending.id(),
                java.util.Objects.requireNonNull(ending.followUp()),
                ending.reservation(),
                payment.intake().payingBic(),
                payment.intake().instruction() == null
                        ? null
                        : payment.intake().instruction().amount());
    }

    private void measure(Ending ending, Sla sla) {
        meters.timer("exchequer.inward.payment", "status", ending.status().name())
                .record(ending.tookNanos(), TimeUnit.NANOSECONDS);
        for (PaymentEvent event : ending.events()) {
            if (event.from() != null) {
                stages.computeIfAbsent(
                                event.from(), from -> meters.timer("exchequer.inward.stage", "state", from.name()))
                        .record(event.took(), TimeUnit.NANOSECONDS);
            }
        }
        Hindsight.of(ending.events(), sla)
                .forEach(seen -> meters.counter(
                                "exchequer.inward.breach.predictions",
                                "predicted",
                                seen.atRisk() ? "at_risk" : "in_time",
                                "happened",
                                seen.missed() ? "missed" : "in_time")
                        .increment());
    }

    /** Waits for the answer of the message that came first; until the watchdog says "pending". */
    private void repeat(NewPayment payment, UUID first, byte @Nullable [] given, CompletableFuture<Answered> answer)
            throws SQLException {
        CompletableFuture<Answered> other = given == null ? running.get(first) : null;
        if (other != null) {
            var unused =
                    other.thenAccept(done -> answer.complete(new Answered(first, done.message(), done.status(), true)));
            return;
        }
        while (!answer.isDone() && !closed) {
            Optional<Payments.Given> found = parts.payments().answer(first);
            if (found.isPresent()) {
                Answered stored =
                        new Answered(first, found.get().message(), found.get().status(), true);
                known.remember(payment.intake().digest(), stored);
                answer.complete(stored);
                return;
            }
            LockSupport.parkNanos(LOOK_AGAIN);
        }
    }

    /** Whether a payment is being worked on here. */
    public boolean isRunning(UUID id) {
        return running.containsKey(id);
    }

    /** What was answered before. */
    KnownAnswers known() {
        return known;
    }

    /** How many are. */
    int running() {
        return running.size();
    }

    /** What is under way here, and how the partners are. */
    Live live() {
        Map<State, Integer> states = new EnumMap<>(State.class);
        long oldest = 0;
        int atRisk = 0;
        for (Flow flow : flows.values()) {
            long elapsed = flow.elapsed();
            states.merge(flow.state(), 1, Integer::sum);
            oldest = Math.max(oldest, elapsed);
            atRisk +=
                    flow.atRisk() || elapsed >= parts.settings().sla().warning().toNanos() ? 1 : 0;
        }
        return new Live(
                parts.node(),
                states,
                atRisk,
                Duration.ofNanos(oldest),
                parts.breakers().readings().stream().map(Processor::partner).toList(),
                known.lookups());
    }

    private static Live.Partner partner(BreakerReading reading) {
        BreakerOverride override = reading.override();
        return new Live.Partner(
                reading.name(),
                reading.state().name(),
                override == null ? null : override.by() + ": " + override.reason(),
                reading.average(),
                reading.calls(),
                reading.failures(),
                reading.refused());
    }

    /** Takes no more, and waits until what is under way is answered. */
    @Override
    public void close() {
        closed = true;
        long end = parts.ticker().nanos() + PATIENCE.toNanos();
        while (!running.isEmpty()
                && parts.ticker().nanos() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_AGAIN);
        }
        watchdog.shutdownNow();
    }
}
