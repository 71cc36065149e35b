package org.exchequer.lab.check.inward;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.History;
import org.exchequer.lab.history.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a run of inward clearing: the history that banks recorded, outside of the program, and what was
 * read once it was over. Empty means that it was not read.
 *
 * @param history every attempt to have a message answered, see {@link Words}
 * @param rows the payments as they are durable
 * @param journal the ledger's durable entries in order of position
 * @param absences when a node could not answer, because of what was done to it or to the wire to it
 * @param stalls when the lab itself stood still
 * @param positions what the liquidity service says of each bank's money
 * @param recoveries how long each node took, once every fault was over, until a payment went through all stages
 * @param replays stored decisions of models, decided again
 * @param trials what was made wrong in the end, to see whether it is noticed
 */
public record InwardEvidence(
        History history,
        Optional<List<Row>> rows,
        Optional<List<Entry>> journal,
        List<Absence> absences,
        List<Stall> stalls,
        Optional<List<Position>> positions,
        Optional<List<Recovery>> recoveries,
        Optional<List<Replay>> replays,
        Optional<List<Trial>> trials) {
    /** An amount of a payment that a message carries. */
    public static final String NEW_MONEY = "pacs.008 pacs.003";

    public InwardEvidence {
        absences = List.copyOf(absences);
        stalls = List.copyOf(stalls);
    }

    /**
     * A payment as it is durable.
     *
     * @param id under which the ledger knows it
     * @param digest of the message's bytes, hexadecimal
     * @param done whether nothing follows
     * @param status {@code ACCC}, {@code ACSC}, {@code RJCT}, {@code PDNG}; empty before an answer
     * @param answer SHA-256 of it, hexadecimal; empty before one
     * @param owed what the liquidity service still has to be told; empty for nothing
     * @param decision of models, where they decided; else empty
     * @param fallbacks stages that were done without whom they should have asked
     */
    public record Row(
            String id,
            String digest,
            boolean done,
            String status,
            String answer,
            String owed,
            String decision,
            List<String> fallbacks) {
        public Row {
            fallbacks = List.copyOf(fallbacks);
        }

        /** The same with another answer. */
        public Row answered(String other) {
            return new Row(id, digest, done, status, other, owed, decision, fallbacks);
        }

        /** The same where it stands otherwise. */
        public Row standing(boolean ended, String as) {
            return new Row(id, digest, ended, as, answer, owed, decision, fallbacks);
        }

        /** The same, decided by others. */
        public Row decided(String by, List<String> without) {
            return new Row(id, digest, done, status, answer, owed, by, without);
        }
    }

    /**
     * A stored decision of models, decided again.
     *
     * @param differs what is not as it was, in words; empty when every bit is
     */
    public record Replay(String payment, String differs) {}

    /**
     * Something that was made wrong when all was over, to see whether it is noticed.
     *
     * @param what was done
     * @param noticed whether the program, or the check that is there for it, said so
     * @param said in words
     */
    public record Trial(String what, boolean noticed, String said) {}

    /** A node could not answer; times of the history, in nanoseconds. */
    public record Absence(String node, long from, long until) {}

    /** The lab stood still; times of the history, in nanoseconds. */
    public record Stall(long from, long until) {}

    /** A bank's money in one currency, in minor units. */
    public record Position(String bank, String currency, boolean conserved, long reserved, long used, int open) {}

    /**
     * When a node was itself again.
     *
     * @param tookMs from the end of the last fault until a payment was accepted without a fallback and no breaker was
     *     open; negative when that did not happen in the time there was
     * @param last what the last payment came to
     */
    public record Recovery(String node, long tookMs, String last) {}

    /** Names of values in the history. An {@code INVOKE} has all up to {@link #LATE}. */
    public static final class Words {
        private Words() {}

        /** Of the message, by the lab. */
        public static final String KEY = "key";
        /** SHA-256 of the message's bytes. */
        public static final String DIGEST = "digest";
        /** Which node was asked. */
        public static final String NODE = "node";
        /** When: {@code warm}, {@code load} or {@code end}. */
        public static final String PHASE = "phase";
        /** Minor units; without it the message carries no amount. */
        public static final String AMOUNT = "amount";

        public static final String CURRENCY = "currency";
        /** Of the ledger, where our customer's money is. */
        public static final String ACCOUNT = "account";
        /** The bank whose position pays, by its BIC. */
        public static final String PAYER = "payer";
        /** Key of the message that it is about. */
        public static final String OF = "of";
        /** What was damaged about it: it must not be accepted. */
        public static final String DAMAGED = "damaged";
        /** Which of its parties is on a sanctions list: it must not be accepted either. */
        public static final String LISTED = "listed";
        /** Microseconds from when it was to be sent until it was. */
        public static final String LATE = "late";

        /** In an answer: {@code ACCC}, {@code ACSC}, {@code RJCT}, {@code PDNG}. */
        public static final String STATUS = "status";
        /** The payment that it became. */
        public static final String PAYMENT = "payment";
        /** SHA-256 of the answer. */
        public static final String ANSWER = "answer";
        /** Why there was none. */
        public static final String REASON = "reason";
    }

    /** A message, however often it was sent. */
    public record Message(
            String key,
            String kind,
            String digest,
            @Nullable Long amount,
            String currency,
            String account,
            String payer,
            @Nullable String of,
            @Nullable String damaged,
            @Nullable String listed) {
        public boolean isNewMoney() {
            return NEW_MONEY.contains(kind);
        }

        @Override
        public String toString() {
            return kind + " " + key + (amount == null ? "" : " over " + amount + " " + currency)
                    + (of == null ? "" : " about " + of);
        }
    }

    /**
     * A message sent once to one node.
     *
     * @param due when it was to be sent; times of the history, in nanoseconds
     * @param ended when its answer came, or what there was instead; {@code Long.MAX_VALUE} for nothing at all
     * @param type OK for an answer, FAIL when it was not taken, INFO when nobody knows
     */
    public record Attempt(
            Message message,
            String node,
            String phase,
            long due,
            long ended,
            Event.Type type,
            String status,
            String payment,
            String answer,
            Operation operation) {
        /** Whether the answer is one that stays. */
        public boolean isFinal() {
            return type == Event.Type.OK && !status.equals("PDNG");
        }

        /** Whether it says that it was carried out. */
        public boolean accepted() {
            return type == Event.Type.OK && (status.equals("ACCC") || status.equals("ACSC"));
        }

        public String describe() {
            return operation.describe();
        }
    }

    /** Every attempt, in order. */
    public List<Attempt> attempts() {
        List<Attempt> attempts = new ArrayList<>();
        Map<String, Message> messages = new HashMap<>();
        for (Operation operation : history.operations()) {
            Event asked = operation.invoke();
            Message message = messages.computeIfAbsent(asked.value(Words.KEY), key -> message(asked));
            Event learnt = operation.completion();
            attempts.add(new Attempt(
                    message,
                    asked.value(Words.NODE),
                    asked.value(Words.PHASE),
                    asked.timeNanos() - 1_000 * asked.number(Words.LATE),
                    learnt == null ? Long.MAX_VALUE : learnt.timeNanos(),
                    operation.outcome(),
                    value(learnt, Words.STATUS),
                    value(learnt, Words.PAYMENT),
                    value(learnt, Words.ANSWER),
                    operation));
        }
        return attempts;
    }

    private static String value(@Nullable Event event, String name) {
        String value = event == null ? null : event.values().get(name);
        return value == null ? "" : value;
    }

    private static Message message(Event asked) {
        Map<String, String> values = asked.values();
        String amount = values.get(Words.AMOUNT);
        return new Message(
                asked.value(Words.KEY),
                asked.function(),
                asked.value(Words.DIGEST),
                amount == null ? null : Long.valueOf(amount),
                values.getOrDefault(Words.CURRENCY, ""),
                values.getOrDefault(Words.ACCOUNT, ""),
                values.getOrDefault(Words.PAYER, ""),
                values.get(Words.OF),
                values.get(Words.DAMAGED),
                values.get(Words.LISTED));
    }

    /** The attempts of each message, by its key, in order. */
    public Map<String, List<Attempt>> byMessage() {
        Map<String, List<Attempt>> all = new LinkedHashMap<>();
        attempts()
                .forEach(attempt -> all.computeIfAbsent(attempt.message().key(), key -> new ArrayList<>())
                        .add(attempt));
        return all;
    }

    /** What became of each message in the end, by its key: the last final answer, else the last attempt. */
    public Map<String, Attempt> outcomes() {
        Map<String, Attempt> outcomes = new LinkedHashMap<>();
        byMessage()
                .forEach((key, attempts) -> outcomes.put(
                        key,
                        attempts.stream()
                                .max(Comparator.comparing(Attempt::isFinal)
                                        .thenComparing(attempt ->
                                                attempt.operation().invoke().index()))
                                .orElseThrow()));
        return outcomes;
    }

    /** What stands under each key in the journal: posted entries only. */
    public Map<String, List<Entry>> posted() {
        Map<String, List<Entry>> posted = new HashMap<>();
        for (Entry entry : journal.orElse(List.of())) {
            if (entry.rejection() == null && !entry.legs().isEmpty()) {
                posted.computeIfAbsent(entry.key(), key -> new ArrayList<>()).add(entry);
            }
        }
        return posted;
    }

    /** Payments by the digest of their message. */
    public Map<String, List<Row>> rowsByDigest() {
        Map<String, List<Row>> all = new HashMap<>();
        for (Row row : rows.orElse(List.of())) {
            all.computeIfAbsent(row.digest(), digest -> new ArrayList<>()).add(row);
        }
        return all;
    }

    public InwardEvidence withHistory(History read) {
        return new InwardEvidence(read, rows, journal, absences, stalls, positions, recoveries, replays, trials);
    }

    public InwardEvidence withRows(List<Row> read) {
        return new InwardEvidence(
                history, Optional.of(read), journal, absences, stalls, positions, recoveries, replays, trials);
    }

    public InwardEvidence withJournal(List<Entry> read) {
        return new InwardEvidence(
                history, rows, Optional.of(read), absences, stalls, positions, recoveries, replays, trials);
    }

    public InwardEvidence withPositions(List<Position> read) {
        return new InwardEvidence(
                history, rows, journal, absences, stalls, Optional.of(read), recoveries, replays, trials);
    }

    public InwardEvidence withRecoveries(List<Recovery> read) {
        return new InwardEvidence(
                history, rows, journal, absences, stalls, positions, Optional.of(read), replays, trials);
    }

    public InwardEvidence withReplays(List<Replay> read) {
        return new InwardEvidence(
                history, rows, journal, absences, stalls, positions, recoveries, Optional.of(read), trials);
    }

    public InwardEvidence withTrials(List<Trial> read) {
        return new InwardEvidence(
                history, rows, journal, absences, stalls, positions, recoveries, replays, Optional.of(read));
    }
}
