package org.exchequer.app.cli.inward.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.exchequer.app.cli.inward.demo.Checks.Check;
import org.exchequer.app.cli.inward.demo.Sent.Message;
import org.exchequer.app.cli.inward.demo.Sent.Told;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run as it should be passes; each planted flaw is found by the check that is for it, and by no other. */
class ChecksTest {
    private static final String PREFIX = "E-run-";

    private final List<Sent> sent = new ArrayList<>();
    private final Map<String, JsonNode> payments = new HashMap<>();
    private final List<JsonNode> transactions = new ArrayList<>();

    private static JsonNode json(String text, Object... values) {
        return JsonMapper.shared().readTree(text.replace('\'', '"').formatted(values));
    }

    private Sent send(Kind kind, MessageType type, String number, @Nullable Sent about, Told told) {
        Sent one = new Sent(
                new Message(
                        kind,
                        kind.label(),
                        type,
                        kind == Kind.DUPLICATE && about != null
                                ? about.message().bytes()
                                : ("message " + number).getBytes(UTF_8),
                        "M-" + number,
                        PREFIX + number,
                        "",
                        "AAABSGSG",
                        type == MessageType.CAMT_056 ? null : Money.of(1_050, "SGD"),
                        about,
                        0),
                0);
        one.tell(told);
        sent.add(one);
        return one;
    }

    private static Told told(String payment, String status, String code) {
        return told(payment, status, code, 30);
    }

    private static Told told(String payment, String status, String code, long millis) {
        return new Told(
                TimeUnit.MILLISECONDS.toNanos(millis),
                200,
                (payment + status).getBytes(UTF_8),
                payment,
                status,
                false,
                code);
    }

    private void post(int id, String key, String reference, String amount) {
        transactions.add(json(
                "{'id':'%d','key':'%s','reference':'%s','legs':["
                        + "{'account':'1000.settlement.sgd','side':'DEBIT','amount':'%s','currency':'SGD'},"
                        + "{'account':'2000.deposits.sgd.1','side':'CREDIT','amount':'%s','currency':'SGD'}]}",
                id, key, reference, amount, amount));
    }

    private void reverse(int id, String key, int original) {
        transactions.add(json(
                "{'id':'%d','key':'%s','reversalOf':'%d','legs':["
                        + "{'account':'2000.deposits.sgd.1','side':'DEBIT','amount':'10.50','currency':'SGD'},"
                        + "{'account':'1000.settlement.sgd','side':'CREDIT','amount':'10.50','currency':'SGD'}]}",
                id, key, original));
    }

    private void payment(String id, String status, boolean done) {
        payments.put(id, json("{'id':'%s','answerStatus':'%s','done':%s}", id, status, done));
    }

    /** One of everything, all as it should be. */
    private Sent goodRun() {
        Sent transfer = send(Kind.TRANSFER, MessageType.PACS_008, "1", null, told("p1", "ACCC", ""));
        post(1, "p1", PREFIX + "1", "10.50");
        send(Kind.DUPLICATE, MessageType.PACS_008, "1", transfer, told("p1", "ACCC", ""));
        send(Kind.REVERSAL, MessageType.PACS_007, "2", transfer, told("p2", "ACSC", ""));
        reverse(2, "p2", 1);
        send(Kind.AGAINST_RULE, MessageType.PACS_008, "3", null, told("p3", "RJCT", "AC07"));
        Sent recalled = send(Kind.TRANSFER, MessageType.PACS_008, "4", null, told("p4", "RJCT", "DS02"));
        send(Kind.CANCELLATION, MessageType.CAMT_056, "5", recalled, told("p5", "ACSC", ""));
        send(Kind.CANCELLATION, MessageType.CAMT_056, "6", transfer, told("p6", "RJCT", "RQDA"));
        send(Kind.TRANSFER, MessageType.PACS_008, "7", null, told("p7", "PDNG", ""));
        payment("p7", "ACCC", true);
        post(3, "p7", PREFIX + "7", "10.50");
        send(Kind.UNREADABLE, MessageType.PACS_008, "8", null, new Told(1, 422, new byte[0], "", "", false, "FF01"));
        // Somebody else's posting is nobody's business.
        post(9, "other", "rent", "1.00");
        return transfer;
    }

    private List<String> broken() {
        return new Checks(sent, new Evidence(payments, transactions), Duration.ofMillis(4_500), PREFIX, true)
                .all().stream()
                        .filter(check -> !check.holds())
                        .map(Check::statement)
                        .toList();
    }

    private void assertBroken(String... beginnings) {
        List<String> broken = broken();
        assertThat(broken).hasSameSizeAs(beginnings);
        for (int i = 0; i < beginnings.length; i++) {
            assertThat(broken.get(i)).startsWith(beginnings[i]);
        }
    }

    @Test
    void a_good_run_passes() {
        goodRun();
        assertBroken();
    }

    @Test
    void late_and_missing_answers_are_found() {
        goodRun();
        send(Kind.AGAINST_RULE, MessageType.PACS_008, "20", null, told("p20", "RJCT", "AC07", 4_500));
        assertBroken("every message was answered");
        sent.removeLast();
        send(Kind.TRANSFER, MessageType.PACS_008, "21", null, new Told(1, 503, new byte[0], "", "", false, ""));
        assertBroken("every message was answered");
        sent.getLast().tell(new Told(1, 0, new byte[0], "", "", false, ""));
        assertBroken("every message was answered");
    }

    @Test
    void what_stays_pending_is_found() {
        goodRun();
        payment("p7", "PDNG", false);
        transactions.remove(2);
        assertBroken("every pending payment");
    }

    @Test
    void what_was_accepted_and_not_posted_is_found() {
        goodRun();
        send(Kind.TRANSFER, MessageType.PACS_008, "20", null, told("p20", "ACCC", ""));
        assertBroken("posted, once");
    }

    @Test
    void another_amount_is_found() {
        goodRun();
        send(Kind.TRANSFER, MessageType.PACS_008, "20", null, told("p20", "ACCC", ""));
        post(20, "p20", PREFIX + "20", "10.51");
        assertBroken("posted, once");
    }

    @Test
    void the_wrong_way_is_found() {
        goodRun();
        send(Kind.DEBIT, MessageType.PACS_003, "20", null, told("p20", "ACSC", ""));
        post(20, "p20", PREFIX + "20", "10.50");
        assertBroken("posted, once");
    }

    @Test
    void a_reversal_of_another_payment_is_found() {
        Sent transfer = goodRun();
        send(Kind.REVERSAL, MessageType.PACS_007, "20", transfer, told("p20", "ACSC", ""));
        reverse(20, "p20", 3);
        assertBroken("posted, once");
    }

    @Test
    void what_was_refused_and_posted_is_found_from_both_sides() {
        goodRun();
        send(Kind.TRANSFER, MessageType.PACS_008, "20", null, told("p20", "RJCT", "AB05"));
        post(20, "p20", PREFIX + "20", "10.50");
        assertBroken("posted, once", "nothing else is in the ledger");
    }

    @Test
    void what_was_posted_under_another_key_is_found() {
        goodRun();
        post(20, "p-other", PREFIX + "1", "10.50");
        assertBroken("nothing else is in the ledger");
    }

    @Test
    void duplicates_with_other_bytes_or_a_payment_of_their_own_are_found() {
        Sent transfer = goodRun();
        send(
                Kind.DUPLICATE,
                MessageType.PACS_008,
                "1",
                transfer,
                new Told(1, 200, "other".getBytes(UTF_8), "p1", "ACCC", true, ""));
        assertBroken("duplicates");
        sent.removeLast();
        send(Kind.DUPLICATE, MessageType.PACS_008, "1", transfer, told("p30", "RJCT", "AM05"));
        assertBroken("duplicates");
    }

    @Test
    void what_was_cancelled_and_carried_out_is_found() {
        Sent transfer = goodRun();
        send(Kind.CANCELLATION, MessageType.CAMT_056, "20", transfer, told("p20", "ACSC", ""));
        assertBroken("no payment was both");
        sent.removeLast();
        Sent refused = send(Kind.TRANSFER, MessageType.PACS_008, "21", null, told("p21", "RJCT", "AB05"));
        send(Kind.CANCELLATION, MessageType.CAMT_056, "22", refused, told("p22", "RJCT", "RQDA"));
        assertBroken("no payment was both");
    }

    @Test
    void what_should_have_been_refused_is_found() {
        goodRun();
        send(Kind.LISTED, MessageType.PACS_008, "20", null, told("p20", "ACCC", ""));
        post(20, "p20", PREFIX + "20", "10.50");
        assertBroken("nothing malformed");
    }

    @Test
    void a_duplicate_that_was_pending_is_the_first_ones_payment() {
        Sent transfer = goodRun();
        payment("p1", "ACCC", true);
        send(Kind.DUPLICATE, MessageType.PACS_008, "1", transfer, told("p-unknown", "PDNG", ""));
        assertBroken();
    }
}
