package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.inward.InwardEvidence;
import org.exchequer.lab.check.inward.InwardEvidence.Absence;
import org.exchequer.lab.check.inward.InwardEvidence.Position;
import org.exchequer.lab.check.inward.InwardEvidence.Recovery;
import org.exchequer.lab.check.inward.InwardEvidence.Replay;
import org.exchequer.lab.check.inward.InwardEvidence.Row;
import org.exchequer.lab.check.inward.InwardEvidence.Stall;
import org.exchequer.lab.check.inward.InwardEvidence.Trial;
import org.exchequer.lab.check.inward.InwardEvidence.Words;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.History;

/** A run of inward clearing by hand: every message in it is answered as it should be. */
final class SmallInward {
    private static final long MS = 1_000_000;

    private final List<Event> events = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Entry> journal = new ArrayList<>();
    private final List<Absence> absences = new ArrayList<>();
    private final List<Stall> stalls = new ArrayList<>();
    private long used;
    private int process;

    /** A message and how it is known. */
    record Sent(String key, String kind, Map<String, String> asked, String payment) {}

    /** Everything there is: accepted, rejected, pending, repeated, reversed, called back, damaged. */
    static SmallInward whole() {
        SmallInward run = new SmallInward();
        Sent paid = run.payment("paid", "pacs.008", 500);
        run.asks(paid, 0, 40, "ACCC");
        run.asks(paid, 100, 20, "ACCC");
        run.carriedOut(paid, "1000.settlement.sgd", "lab.dep.sgd.1", 500);
        Sent refused = run.payment("refused", "pacs.008", 700);
        run.asks(refused, 200, 30, "RJCT");
        run.refused(refused);
        Sent slow = run.payment("slow", "pacs.003", 900);
        run.asks(slow, 300, 4_455, "PDNG");
        run.asks(slow, 6_000, 30, "ACSC");
        run.carriedOut(slow, "lab.dep.sgd.1", "1000.settlement.sgd", 900);
        Sent back = run.about("back", "pacs.007", "paid", 200);
        run.asks(back, 7_000, 60, "ACSC");
        run.carriedOut(back, "lab.dep.sgd.1", "1000.settlement.sgd", 200);
        Sent recalled = run.payment("recalled", "pacs.008", 300);
        run.asks(recalled, 8_000, 60, "RJCT");
        run.refused(recalled);
        Sent recall = run.about("recall", "camt.056", "recalled", 0);
        run.asks(recall, 8_010, 60, "ACSC");
        run.row(recall, "ACSC");
        Sent listed = run.payment("listed", "pacs.008", 400);
        listed.asked().put(Words.LISTED, "Amarante Quillobar");
        run.asks(listed, 8_200, 60, "RJCT");
        run.refused(listed);
        return run;
    }

    Sent payment(String key, String kind, long amount) {
        Map<String, String> asked = new HashMap<>();
        asked.put(Words.AMOUNT, Long.toString(amount));
        asked.put(Words.CURRENCY, "SGD");
        asked.put(Words.ACCOUNT, "lab.dep.sgd.1");
        asked.put(Words.PAYER, "AAABSGSG");
        return sent(key, kind, asked);
    }

    Sent about(String key, String kind, String of, long amount) {
        Map<String, String> asked = new HashMap<>();
        asked.put(Words.OF, of);
        if (amount > 0) {
            asked.put(Words.AMOUNT, Long.toString(amount));
            asked.put(Words.CURRENCY, "SGD");
        }
        return sent(key, kind, asked);
    }

    private static Sent sent(String key, String kind, Map<String, String> asked) {
        asked.put(Words.KEY, key);
        asked.put(Words.DIGEST, "digest-" + key);
        return new Sent(key, kind, asked, "payment-" + key);
    }

    /** Asks node1 and is answered, or, for an empty status, never is. */
    void asks(Sent sent, long atMs, long tookMs, String status) {
        process++;
        Map<String, String> asked = new HashMap<>(sent.asked());
        asked.put(Words.NODE, "node1");
        asked.put(Words.PHASE, "load");
        asked.put(Words.LATE, "0");
        event(atMs, Event.Type.INVOKE, sent.kind(), asked);
        if (status.isEmpty()) {
            event(atMs + tookMs, Event.Type.INFO, sent.kind(), Map.of(Words.REASON, "connection lost"));
            return;
        }
        String answer = status.equals("PDNG") ? "pending-" + sent.key() : "answer-" + sent.key();
        event(
                atMs + tookMs,
                Event.Type.OK,
                sent.kind(),
                Map.of(Words.STATUS, status, Words.PAYMENT, sent.payment(), Words.ANSWER, answer));
    }

    private void event(long atMs, Event.Type type, String function, Map<String, String> values) {
        events.add(new Event(events.size(), atMs * MS, process, type, function, values));
    }

    private void carriedOut(Sent sent, String debit, String credit, long amount) {
        row(sent, sent.kind().equals("pacs.008") ? "ACCC" : "ACSC");
        journal.add(new Entry(
                journal.size() + 1,
                sent.payment(),
                sent.kind().equals("pacs.007") ? "reverse" : "transfer",
                null,
                List.of(new Leg(debit, true, amount, "SGD", null), new Leg(credit, false, amount, "SGD", null)),
                List.of()));
        used += sent.asked().containsKey(Words.PAYER) ? amount : 0;
    }

    private void refused(Sent sent) {
        row(sent, "RJCT");
    }

    private void row(Sent sent, String status) {
        rows.add(new Row(
                sent.payment(),
                "digest-" + sent.key(),
                true,
                status,
                "answer-" + sent.key(),
                "",
                status.equals("RJCT") ? "" : "APPROVE",
                List.of()));
    }

    void away(long fromMs, long untilMs) {
        absences.add(new Absence("node1", fromMs * MS, untilMs * MS));
    }

    void stalls(long fromMs, long untilMs) {
        stalls.add(new Stall(fromMs * MS, untilMs * MS));
    }

    InwardEvidence evidence() {
        return new InwardEvidence(
                History.of(events),
                Optional.of(rows),
                Optional.of(journal),
                absences,
                stalls,
                Optional.of(List.of(new Position("AAABSGSG", "SGD", true, 0, used, 0))),
                Optional.of(List.of(new Recovery("node1", 1_200, ""), new Recovery("node2", 1_900, ""))),
                Optional.of(List.of(new Replay("payment-paid", ""))),
                Optional.of(List.of(new Trial("a stored score is altered", true, "margin is different"))));
    }
}
