package org.exchequer.inward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.exchequer.inward.InwardBed.Draft;
import org.exchequer.inward.InwardBed.Told;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Bulks;
import org.exchequer.inward.api.InwardViews;
import org.exchequer.inward.api.PaymentDossier;
import org.exchequer.inward.api.Submission;
import org.exchequer.inward.sim.Script;
import org.exchequer.inward.sim.Service;
import org.exchequer.inward.v1.PaymentAnswered;
import org.exchequer.kernel.Money;
import org.exchequer.platform.kafka.SchemaLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All four messages from their bytes to their answers, on the real ledger. */
class FlowTest {
    private static InwardBed bed;

    @BeforeAll
    static void start() {
        bed = new InwardBed();
        bed.warmUp();
    }

    @AfterAll
    static void stop() {
        bed.assertInvariantsHold();
        bed.close();
    }

    @AfterEach
    void reset() {
        bed.partners().reset();
    }

    @Test
    void paysATransferOut() {
        Draft transfer = InwardBed.transfer();
        Told told = bed.send(transfer);
        assertThat(told.brief()).isEqualTo("ACCC");
        assertThat(told.xml()).contains(transfer.get("uetr"), "pacs.002.001.10", transfer.get("messageId"));
        assertThat(bed.posted(told.id())
                        .orElseThrow()
                        .entries()
                        .getFirst()
                        .leg()
                        .amount())
                .isEqualTo(Money.of(1_000, "SGD"));
        assertThat(bed.way(told.id()))
                .containsExactly(
                        "MESSAGE_RECEIVED",
                        "IDEMPOTENCY_CHECK",
                        "BUSINESS_VALIDATION",
                        "FRAUD_DETECTION",
                        "ACCOUNT_VALIDATION",
                        "LIQUIDITY_CHECK",
                        "PAYMENT_EXECUTION",
                        "RESPONSE_GENERATION",
                        "COMPLETED");
        assertThat(bed.row(told.id()))
                .containsEntry("status", "COMPLETED")
                .containsEntry("compliant", "t")
                .containsEntry("done", "t");
    }

    @Test
    void tellsTheLiquidityServiceHowItEnded() {
        Told paid = bed.send(InwardBed.transfer());
        Told refused = bed.send(InwardBed.transfer().with("currency", "XXX"));
        assertThat(refused.status()).isEqualTo("RJCT");
        await().atMost(Duration.ofSeconds(10)).until(() -> !bed.owes(paid.id()));
        assertThat(bed.partners().positions().positions()).allMatch(position -> position.conserved());
        assertThat(bed.partners().calls(Service.LIQUIDITY, "confirm")).isPositive();
    }

    @Test
    void collectsADirectDebit() {
        Draft debit = InwardBed.debit();
        Told refused = bed.send(debit);
        assertThat(refused.brief()).isEqualTo("RJCT AM04");
        assertThat(bed.state(refused.id())).isEqualTo("PAYMENT_EXECUTION_FAILED");
        bed.fund(debit);
        Draft again = InwardBed.debit().with("debtorAccount", debit.get("debtorAccount"));
        assertThat(bed.send(again).brief()).isEqualTo("ACSC");
    }

    @Test
    void reversesWhatWasPaidOnlyOnce() {
        Draft transfer = InwardBed.transfer();
        bed.send(transfer);
        assertThat(bed.send(InwardBed.reversal(transfer).with("amount", "10.01"))
                        .brief())
                .isEqualTo("RJCT AM09");
        assertThat(bed.send(InwardBed.reversal(transfer).with("instructingBic", "BBBCSGSG"))
                        .brief())
                .isEqualTo("RJCT AG09");
        Told part = bed.send(InwardBed.reversal(transfer).with("amount", "4.00"));
        assertThat(part.brief()).isEqualTo("ACSC");
        assertThat(bed.send(InwardBed.reversal(transfer).with("amount", "6.01")).brief())
                .isEqualTo("RJCT AM05");
        assertThat(bed.send(InwardBed.reversal(transfer).with("amount", "6.00")).brief())
                .isEqualTo("ACSC");
        assertThat(bed.send(InwardBed.reversal(InwardBed.transfer())).brief()).isEqualTo("RJCT AG09");
        assertThat(bed.way(part.id())).doesNotContain("ACCOUNT_VALIDATION");
    }

    @Test
    void cancelsNothingThatWasPaidOrRefusedOrNeverCame() {
        Draft transfer = InwardBed.transfer();
        bed.send(transfer);
        Told late = bed.send(InwardBed.recall(transfer));
        assertThat(late.xml()).contains("camt.029", "<Conf>RJCR</Conf>");
        assertThat(late.code()).isEqualTo("RQDA");
        assertThat(bed.send(InwardBed.recall(InwardBed.transfer())).code()).isEqualTo("NOOR");
        Draft refused = InwardBed.transfer().with("creditorAccount", "11000090");
        bed.send(refused);
        assertThat(bed.send(InwardBed.recall(refused)).code()).isEqualTo("ARDT");
    }

    @Test
    void findsAnOriginalByItsIdsWhereNoUniqueReferenceIsGiven() {
        Draft transfer = InwardBed.transfer();
        bed.send(transfer);
        assertThat(bed.send(InwardBed.reversal(transfer).without("originalUetr"))
                        .brief())
                .isEqualTo("ACSC");
    }

    @ParameterizedTest
    @CsvSource({
        "creditorAccount, 11000090, AC06, ACCOUNT_VALIDATION_FAILED",
        "creditorAccount, 11000091, AC07, ACCOUNT_VALIDATION_FAILED",
        "creditorAccount, 11000093, AC11, ACCOUNT_VALIDATION_FAILED",
        "creditorAccount, 11000094, AC03, ACCOUNT_VALIDATION_FAILED",
        "creditorName, Osman Blacklisted, RR04, SANCTIONS_HIT",
        "debtorName, Osman Blacklisted, RR04, SANCTIONS_HIT",
        "amount, 150000.01, FR01, FRAUD_HIGH_RISK",
        "amount, 200000.01, AM02, BUSINESS_VALIDATION_FAILED",
        "amount, 0.00, AM01, BUSINESS_VALIDATION_FAILED",
        "instructingBic, SUSPSGSG, AG10, BUSINESS_VALIDATION_FAILED",
        "instructingBic, NOBYSGSG, AGNT, BUSINESS_VALIDATION_FAILED",
        "instructedBic, BBBCSGSG, RC01, BUSINESS_VALIDATION_FAILED"
    })
    void refusesATransfer(String member, String value, String code, String state) {
        Told told = bed.send(InwardBed.transfer().with(member, value));
        assertThat(told.brief()).isEqualTo("RJCT " + code);
        assertThat(bed.state(told.id())).isEqualTo(state);
        assertThat(bed.posted(told.id())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"11000090, AC06", "11000091, AC05", "11000092, AG07", "11000093, AC10", "11000094, AC02"})
    void refusesADirectDebit(String account, String code) {
        assertThat(bed.send(InwardBed.debit().with("debtorAccount", account)).brief())
                .isEqualTo("RJCT " + code);
    }

    @Test
    void creditsADormantAccount() {
        assertThat(bed.send(InwardBed.transfer().with("creditorAccount", "11000092"))
                        .brief())
                .isEqualTo("ACCC");
    }

    @Test
    void refusesWhatThePositionDoesNotCover() {
        bed.partners().positions().set("BBBCSGSG", "SGD", 999);
        Told told = bed.send(InwardBed.transfer().with("instructingBic", "BBBCSGSG"));
        assertThat(told.brief()).isEqualTo("RJCT AM23");
        assertThat(bed.state(told.id())).isEqualTo("LIQUIDITY_REJECTED");
        bed.partners().positions().set("BBBCSGSG", "SGD", 1_000_000);
    }

    @Test
    void refusesOneWhoPaysTooOften() {
        String often = "77770011";
        List<CompletableFuture<Answered>> answers = new ArrayList<>();
        for (int i = 0; i < 201; i++) {
            answers.add(
                    bed.submit(InwardBed.transfer().with("debtorAccount", often).with("amount", "0.01")));
            if (i % 20 == 0) {
                InwardBed.told(answers.getLast());
            }
        }
        List<String> briefs =
                answers.stream().map(answer -> InwardBed.told(answer).brief()).toList();
        assertThat(briefs.stream().collect(Collectors.groupingBy(brief -> brief, Collectors.counting())))
                .isEqualTo(Map.of("ACCC", 200L, "RJCT FR01", 1L));
    }

    @Test
    void usesWhatItRemembersOfAnAccountThatCannotBeAskedFor() {
        Draft unknown = InwardBed.transfer().with("creditorAccount", "1199911");
        bed.partners().play(Service.VAM, Script.AT_ONCE.failing(1, Script.Failure.UNAVAILABLE));
        bed.partners().play(Service.MIDANZ, Script.AT_ONCE.failing(1, Script.Failure.UNAVAILABLE));
        Told told = bed.send(unknown);
        assertThat(told.brief()).isEqualTo("RJCT AB05");
        assertThat(bed.way(told.id())).contains("ACCOUNT_TIMEOUT", "ACCOUNT_CACHE_FALLBACK");
        assertThat(bed.send(InwardBed.transfer()).brief()).isEqualTo("ACCC");
    }

    @Test
    void letsSmallAmountsThroughWithoutTheLiquidityService() {
        bed.partners().play(Service.LIQUIDITY, "reserve", Script.AT_ONCE.hanging(1));
        Draft small = InwardBed.transfer().with("instructingBic", "BBBCSGSG");
        Told told = bed.send(small);
        assertThat(told.brief()).isEqualTo("ACCC");
        assertThat(bed.row(told.id()))
                .containsEntry("status", "EMERGENCY_PROCESSED")
                .containsEntry("emergency", "t")
                .containsEntry("fallbacks", "{LIQUIDITY_CHECK}");
        Told large = bed.send(InwardBed.transfer().with("amount", "1000.01"));
        assertThat(large.brief()).isEqualTo("RJCT AB05");
        assertThat(bed.state(large.id())).isEqualTo("LIQUIDITY_REJECTED");
        bed.partners().reset();
        // What was paid without asking is told later, and what was refused is not kept reserved.
        await().atMost(Duration.ofSeconds(20)).until(() -> !bed.owes(told.id()) && !bed.owes(large.id()));
        assertThat(bed.partners().positions().positions())
                .allMatch(position -> position.conserved() && position.open() == 0);
    }

    @Test
    void keepsWhatCannotBeRead() {
        assertThat(bed.module().inward().submit(new byte[] {'<', 'a'}, "test", Duration.ZERO))
                .isInstanceOf(Submission.Unreadable.class);
    }

    @Test
    void doesTheSameWithManyOnceEachAfterShowingWhatItWouldDo() {
        InwardViews views = bed.module().views();
        Told paid = bed.send(InwardBed.transfer());
        UUID missing = UUID.randomUUID();
        Bulks.Bulk asked =
                ended(new Bulks.Draft(Bulks.Kind.ASK_AGAIN, List.of(paid.id(), missing, paid.id()), "", null));
        assertThat(views.bulks().items(asked.id()))
                .extracting(Bulks.Item::state, Bulks.Item::outcome)
                .containsExactly(
                        tuple(Bulks.State.SKIPPED, "has its final answer: completed, ACCC"),
                        tuple(Bulks.State.SKIPPED, "there is no such payment"));

        ended(new Bulks.Draft(Bulks.Kind.ASSIGN, List.of(paid.id()), "look at the payer", "john"));
        assertThat(views.payments().dossier(paid.id()).orElseThrow().review())
                .extracting(PaymentDossier.Review::assignee, PaymentDossier.Review::by)
                .containsExactly("john", "mary");

        UUID neverScored = bed.send(InwardBed.transfer().with("amount", "0.00")).id();
        for (boolean bad : new boolean[] {true, false}) {
            Bulks.Bulk said = ended(new Bulks.Draft(
                    bad ? Bulks.Kind.SAY_FRAUD : Bulks.Kind.SAY_HARMLESS, List.of(paid.id(), neverScored), "", null));
            assertThat(views.bulks().items(said.id()))
                    .extracting(Bulks.Item::state)
                    .containsExactly(Bulks.State.DONE, Bulks.State.SKIPPED);
            assertThat(bed.module().fraud().explain(paid.id()).orElseThrow().said())
                    .last()
                    .satisfies(each -> {
                        assertThat(each.fraud()).isEqualTo(bad);
                        assertThat(each.by()).isEqualTo("mary");
                    });
        }

        UUID letter = unreadable(new byte[] {'<', 'b'});
        Bulks.Bulk again =
                ended(new Bulks.Draft(Bulks.Kind.RESUBMIT, List.of(letter, unreadable(new byte[] {'{'})), "", null));
        assertThat(views.bulks().items(again.id()))
                .allSatisfy(item -> assertThat(item.state()).isEqualTo(Bulks.State.DONE))
                .first()
                .satisfies(item -> assertThat(item.outcome()).startsWith("unreadable again"));
        assertThat(views.letters().letter(letter).orElseThrow().resubmissions())
                .hasSize(1)
                .allMatch(one -> one.by().equals("mary"));
        assertThat(views.bulks().start(again.id(), "mary")).isEqualTo(Bulks.Started.YES);
        assertThat(views.bulks().start(again.id(), "john")).isEqualTo(Bulks.Started.NOT_YOURS);
        assertThat(views.bulks().start(missing, "john")).isEqualTo(Bulks.Started.NOT_FOUND);
        assertThat(views.letters().letter(letter).orElseThrow().resubmissions()).hasSize(1);
    }

    private static Bulks.Bulk ended(Bulks.Draft draft) {
        Bulks bulks = bed.module().views().bulks();
        Bulks.Bulk shown = bulks.preview(draft, "mary");
        assertThat(shown.startedAt()).isNull();
        assertThat(bulks.start(shown.id(), "mary")).isEqualTo(Bulks.Started.YES);
        await().until(() -> bulks.bulk(shown.id()).orElseThrow().doneAt() != null);
        return shown;
    }

    private static UUID unreadable(byte[] message) {
        return switch (bed.module().inward().submit(message, "test", Duration.ZERO)) {
            case Submission.Unreadable letter -> letter.deadLetter();
            case Submission.Taken taken -> throw new AssertionError("was read");
            case Submission.Busy busy -> throw new AssertionError("was busy");
        };
    }

    @Test
    void boundsWhatIsDoneWithMany() {
        Bulks bulks = bed.module().views().bulks();
        List<UUID> many =
                Stream.generate(UUID::randomUUID).limit(Bulks.MOST + 1).toList();
        assertThatThrownBy(() -> bulks.preview(new Bulks.Draft(Bulks.Kind.EXPORT, many, "", null), "mary"))
                .hasMessage("must be 1 to 500, not 501");
        assertThatThrownBy(() -> bulks.preview(new Bulks.Draft(Bulks.Kind.ASSIGN, many.subList(0, 1), "", " "), "mary"))
                .hasMessageContaining("must be a name");
    }

    @Test
    void refusesWhatHadWaitedTooLongBeforeAnybodyIsAsked() {
        long asked = bed.partners().calls(Service.LIQUIDITY, "reserve");
        Told told = InwardBed.told(bed.submit(InwardBed.transfer(), Duration.ofMillis(21_000)));
        assertThat(told.brief()).isEqualTo("RJCT AB05");
        assertThat(bed.state(told.id())).isEqualTo("FAILED");
        assertThat(bed.way(told.id())).endsWith("SLA_BREACH", "EMERGENCY_PROCESSING", "FAILED");
        assertThat(bed.partners().calls(Service.LIQUIDITY, "reserve")).isEqualTo(asked);
    }

    @Test
    void givesTheSameBytesToTheSameMessage() {
        Draft transfer = InwardBed.transfer();
        byte[] message = transfer.bytes();
        List<CompletableFuture<Answered>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(((Submission.Taken) bed.module().inward().submit(message, "test", Duration.ZERO)).answer());
        }
        List<Told> told = answers.stream().map(InwardBed::told).toList();
        assertThat(told.stream().map(Told::xml).distinct()).hasSize(1);
        assertThat(told.stream().map(Told::id).distinct()).hasSize(1);
        assertThat(told.getFirst().brief()).isEqualTo("ACCC");
        assertThat(bed.send(transfer).xml()).isEqualTo(told.getFirst().xml());
    }

    @Test
    void refusesOtherMessagesUnderTheSameIdsOrReference() {
        Draft transfer = InwardBed.transfer();
        assertThat(bed.send(transfer).brief()).isEqualTo("ACCC");
        String uetr = transfer.get("uetr");
        Draft sameIds = transfer.with("amount", "11.00");
        Told other = bed.send(sameIds);
        assertThat(other.brief()).isEqualTo("RJCT AM05");
        assertThat(bed.state(other.id())).isEqualTo("DUPLICATE_DETECTED");
        assertThat(bed.send(sameIds).xml()).isEqualTo(other.xml());
        Told sameReference = bed.send(InwardBed.transfer().with("uetr", uetr));
        assertThat(sameReference.brief()).isEqualTo("RJCT AM05");
        assertThat(bed.row(sameReference.id())).containsEntry("claimed_uetr", "null");
        assertThat(UUID.fromString(bed.row(sameReference.id()).get("original_id")))
                .isNotEqualTo(sameReference.id());
    }

    @Test
    void eventSchemaKeepsItsPromises() throws IOException {
        List<String> locked = Files.readAllLines(Path.of("src/main/proto/exchequer/inward/v1/payments.lock"));
        List<String> current =
                SchemaLock.describe(PaymentAnswered.getDescriptor().getFile().toProto());
        assertThat(SchemaLock.broken(locked, current)).isEmpty();
        assertThat(SchemaLock.added(locked, current)).isEmpty();
    }
}
