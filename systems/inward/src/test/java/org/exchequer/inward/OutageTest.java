package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.exchequer.inward.InwardBed.Draft;
import org.exchequer.inward.InwardBed.Told;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.core.Sla;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ledger, the database and this process fail at the worst moments; times are about half the scheme's. */
class OutageTest {
    private static final Sla SHORT = new Sla(
            Duration.ofMillis(3_000),
            Duration.ofMillis(2_000),
            Duration.ofMillis(2_400),
            Duration.ofMillis(2_600),
            Map.of(
                    Stage.FRAUD_DETECTION, Duration.ofMillis(300),
                    Stage.ACCOUNT_VALIDATION, Duration.ofMillis(300),
                    Stage.LIQUIDITY_CHECK, Duration.ofMillis(300),
                    Stage.PAYMENT_EXECUTION, Duration.ofMillis(1_000)));

    private static InwardBed bed;
    private static volatile boolean lateModels;

    @BeforeAll
    static void start() {
        bed = new InwardBed(SHORT, Duration.ofMillis(100), given -> new Risk() {
            @Override
            public Outcome full(NewPayment payment, long deadlineNanos) {
                return lateModels ? Outcome.LATE : given.full(payment, deadlineNanos);
            }

            @Override
            public Outcome least(NewPayment payment) {
                return given.least(payment);
            }
        });
        bed.warmUp();
    }

    @AfterAll
    static void stop() {
        bed.assertInvariantsHold();
        bed.close();
    }

    @AfterEach
    void reset() {
        lateModels = false;
        bed.gate.open();
        bed.faults.disarmAll();
    }

    private static void awaitDone(UUID id) {
        if ("t".equals(bed.row(id).get("done"))) {
            return;
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> "t".equals(bed.row(id).get("done")));
    }

    @Test
    void letsRulesDecideAloneWhenModelsAreLateButStillScreens() {
        lateModels = true;
        Told paid = bed.send(InwardBed.transfer());
        assertThat(paid.brief()).isEqualTo("ACCC");
        assertThat(bed.way(paid.id())).contains("FRAUD_TIMEOUT", "FRAUD_FALLBACK_RULES");
        assertThat(bed.send(InwardBed.transfer().with("debtorName", "Osman Blacklisted"))
                        .brief())
                .isEqualTo("RJCT RR04");
    }

    @Test
    void findsWhatWasPostedAlthoughTheReplyWasLost() {
        bed.gate.set(GatedLedger.Mode.UNKNOWN);
        CompletableFuture<Answered> answer = bed.submit(InwardBed.transfer());
        Told told = InwardBed.told(answer);
        assertThat(told.status()).isEqualTo("PDNG");
        bed.gate.open();
        awaitDone(told.id());
        assertThat(bed.row(told.id())).containsEntry("answer_status", "ACCC").containsEntry("state", "COMPLETED");
        assertThat(bed.posted(told.id())).isPresent();
    }

    @Test
    void answersPendingWhileTheLedgerIsSilentAndTheSameQuestionLaterGetsTheFinalAnswer() {
        Draft transfer = InwardBed.transfer();
        bed.gate.set(GatedLedger.Mode.STUCK);
        Told told = bed.send(transfer);
        assertThat(told.status()).isEqualTo("PDNG");
        assertThat(bed.posted(told.id())).isEmpty();
        await().until(() -> "PDNG".equals(bed.row(told.id()).get("answer_status")));
        bed.gate.open();
        awaitDone(told.id());
        Told later = bed.send(transfer);
        assertThat(later.id()).isEqualTo(told.id());
        // The command and the bar came to the ledger in some order: the answer is what came first.
        assertThat(later.status()).isEqualTo(bed.posted(told.id()).isPresent() ? "ACCC" : "RJCT");
        assertThat(bed.row(told.id())).containsEntry("compliant", "t");
    }

    @Test
    void refusesWhileTheLedgerTakesNothingOnlyWhenItIsSure() {
        bed.gate.set(GatedLedger.Mode.REFUSING);
        Told told = bed.send(InwardBed.transfer());
        assertThat(told.status()).isEqualTo("PDNG");
        bed.gate.open();
        awaitDone(told.id());
        assertThat(bed.row(told.id())).containsEntry("answer_status", "RJCT").containsEntry("reason_code", "AB05");
        assertThat(bed.posted(told.id())).isEmpty();
    }

    @Test
    void answersInTimeWhileTheDatabaseHangs() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        bed.faults.arm("inward.log.before", point -> {
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Draft transfer = InwardBed.transfer();
        long began = System.nanoTime();
        Told told = bed.send(transfer);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SHORT.hard());
        assertThat(told.status()).isEqualTo("PDNG");
        bed.faults.disarmAll();
        hang.countDown();
        awaitDone(told.id());
        Told later = bed.send(transfer);
        assertThat(later.brief()).isEqualTo("RJCT AB05");
        assertThat(bed.posted(later.id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"inward.flow.step", "inward.ledger.before", "inward.ledger.after", "inward.answer.before"})
    void findsOutWhatBecameOfAPaymentWhoseWorkerDied(String point) {
        Draft transfer = InwardBed.transfer();
        bed.faults.arm(point, name -> {
            throw new IllegalStateException("dies at " + name);
        });
        CompletableFuture<Answered> answer = bed.submit(transfer);
        await().atMost(Duration.ofSeconds(5)).until(answer::isDone);
        bed.faults.disarmAll();
        UUID id = InwardBed.told(answer).id();
        awaitDone(id);
        boolean carriedOut = bed.posted(id).isPresent();
        assertThat(bed.row(id)).containsEntry("answer_status", carriedOut ? "ACCC" : "RJCT");
        assertThat(carriedOut).isEqualTo(point.equals("inward.ledger.after") || point.equals("inward.answer.before"));
        assertThat(bed.way(id)).endsWith(carriedOut ? "COMPLETED" : "FAILED");
        assertThat(!carriedOut || bed.way(id).contains("ACCOUNT_VALIDATION")).isTrue();
        assertThat(bed.send(transfer).status()).isEqualTo(carriedOut ? "ACCC" : "RJCT");
    }

    /** Should the process die when the ledger has taken it, it is known who judged it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asksTheLedgerOnlyWhenItIsOnRecordWhoJudgedAPayment(boolean byRules) {
        lateModels = byRules;
        Draft transfer = InwardBed.transfer();
        List<String> way = new CopyOnWriteArrayList<>();
        Map<String, String> row = new ConcurrentHashMap<>();
        AtomicBoolean judged = new AtomicBoolean();
        bed.faults.arm("inward.ledger.before", name -> {
            UUID id = bed.idOf(transfer).orElseThrow();
            way.addAll(bed.way(id));
            row.putAll(bed.row(id));
            judged.set(bed.module().fraud().explain(id).isPresent());
            throw new IllegalStateException("dies");
        });
        Told told = bed.send(transfer);
        bed.faults.disarmAll();
        assertThat(row).containsEntry("done", "f");
        assertThat(way).endsWith("ACCOUNT_VALIDATION").contains("FRAUD_DETECTION");
        assertThat(way.contains("FRAUD_FALLBACK_RULES")).isEqualTo(byRules);
        assertThat(judged.get()).isEqualTo(!byRules);
        awaitDone(told.id());
        assertThat(bed.row(told.id())).containsEntry("fallbacks", byRules ? "{FRAUD_DETECTION}" : "{}");
    }

    @Test
    void findsOutAfterARestartToo() {
        try (InwardBed own = new InwardBed(SHORT, Duration.ofHours(1), given -> given)) {
            own.warmUp();
            Draft transfer = InwardBed.transfer();
            own.faults.arm("inward.answer.before", name -> {
                throw new IllegalStateException("dies");
            });
            Told pending = own.send(transfer);
            assertThat(pending.status()).isEqualTo("PDNG");
            own.restart();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> "t".equals(own.row(pending.id()).get("done")));
            Told later = own.send(transfer);
            assertThat(later.brief()).isEqualTo("ACCC");
            assertThat(later.id()).isEqualTo(pending.id());
            own.assertInvariantsHold();
        }
    }

    /** Whoever comes first in the ledger decides; the two answers never contradict each other. */
    @Test
    void agreesOnWhoCameFirstWhenAPaymentIsCalledBack() {
        SplittableRandom random = new SplittableRandom(7);
        List<Draft> transfers = new ArrayList<>();
        List<CompletableFuture<Answered>> payments = new ArrayList<>();
        List<CompletableFuture<Answered>> recalls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Draft transfer = InwardBed.transfer();
            transfers.add(transfer);
            CompletableFuture<Answered> payment = bed.submit(transfer);
            long pause = random.nextLong(12_000_000);
            payments.add(payment);
            recalls.add(CompletableFuture.supplyAsync(
                            () -> bed.submit(InwardBed.recall(transfer)),
                            CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS))
                    .thenCompose(answer -> answer));
            if (i % 10 == 9) {
                InwardBed.told(payment);
            }
        }
        int cancelled = 0;
        int paid = 0;
        for (int i = 0; i < 200; i++) {
            Told payment = InwardBed.told(payments.get(i));
            Told recall = InwardBed.told(recalls.get(i));
            awaitDone(payment.id());
            awaitDone(recall.id());
            String said = bed.row(payment.id()).get("answer_status");
            String called = bed.row(recall.id()).get("answer_status");
            boolean carriedOut = bed.posted(payment.id()).isPresent();
            assertThat(said).isEqualTo(carriedOut ? "ACCC" : "RJCT");
            if (carriedOut) {
                assertThat(called).isEqualTo("RJCT");
                paid++;
            } else if ("ACSC".equals(called)) {
                assertThat(bed.state(payment.id())).isEqualTo("CANCELLED");
                cancelled++;
            }
        }
        assertThat(paid).isPositive();
        assertThat(cancelled).isPositive();
    }
}
