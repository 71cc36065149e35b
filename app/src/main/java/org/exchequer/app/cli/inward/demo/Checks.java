package org.exchequer.app.cli.inward.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.exchequer.app.cli.inward.demo.Sent.Message;
import org.exchequer.app.cli.inward.demo.Sent.Told;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether a run went as it must: from what the sender saw, and what the ledger has. The server's own word decides
 * nothing but how a pending payment ended.
 */
final class Checks {
    /**
     * Something that must hold.
     *
     * @param checked how many were looked at
     * @param violations each in words; empty when it holds
     */
    record Check(String statement, int checked, List<String> violations) {
        Check {
            violations = List.copyOf(violations);
        }

        boolean holds() {
            return violations.isEmpty();
        }
    }

    private final List<Sent> sent;
    private final Evidence evidence;
    private final Duration hard;
    private final String prefix;
    private final boolean listed;
    private final Map<String, List<JsonNode>> byKey = new HashMap<>();
    private final Map<String, List<JsonNode>> byReference = new HashMap<>();

    /**
     * @param hard within which everything must be answered
     * @param prefix of the references of this run
     * @param listed whether the names of {@link Kind#LISTED} are on a list there
     */
    Checks(List<Sent> sent, Evidence evidence, Duration hard, String prefix, boolean listed) {
        this.sent = sent;
        this.evidence = evidence;
        this.hard = hard;
        this.prefix = prefix;
        this.listed = listed;
        for (JsonNode transaction : evidence.transactions()) {
            byKey.computeIfAbsent(Reply.text(transaction, "key"), key -> new ArrayList<>())
                    .add(transaction);
            byReference
                    .computeIfAbsent(Reply.text(transaction, "reference"), key -> new ArrayList<>())
                    .add(transaction);
        }
    }

    List<Check> all() {
        return List.of(answered(), resolved(), posted(), explained(), duplicates(), cancellations(), refused());
    }

    private Check answered() {
        List<String> wrong = new ArrayList<>();
        for (Sent one : sent) {
            Told told = one.told();
            if (told == null || !told.answered()) {
                wrong.add(one.name() + " got no answer"
                        + (told == null || told.http() == 0 ? "" : ": HTTP " + told.http()));
            } else if (told.tookNanos() >= hard.toNanos()) {
                wrong.add(one.name() + " was answered after " + Report.ms(told.tookNanos()) + " ms");
            }
        }
        return new Check("every message was answered within " + hard.toMillis() + " ms", sent.size(), wrong);
    }

    private Check resolved() {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Sent one : sent) {
            Told told = one.told();
            if (told != null && told.pending()) {
                checked++;
                JsonNode payment = payment(one, told);
                if (payment == null || !payment.path("done").asBoolean(false)) {
                    wrong.add(one.name() + " is still pending");
                }
            }
        }
        return new Check("every pending payment has its final answer by now", checked, wrong);
    }

    /**
     * The payment that a message became. Who sends what another has sent at the same time may be told "pending" before
     * it is known that it was there: then it is the other one's.
     */
    private @Nullable JsonNode payment(Sent one, Told told) {
        JsonNode own = evidence.payments().get(told.payment());
        if (own != null) {
            return own;
        }
        for (Sent other : sent) {
            Told there = other.told();
            if (there != null
                    && Arrays.equals(other.message().bytes(), one.message().bytes())) {
                JsonNode payment = evidence.payments().get(there.payment());
                if (payment != null) {
                    return payment;
                }
            }
        }
        return null;
    }

    /** How a message ended: what its sender was told, or for a pending one, what was found out. */
    private String ending(Sent one, Told told) {
        if (!told.pending()) {
            return told.status();
        }
        JsonNode payment = payment(one, told);
        return payment == null ? "" : Reply.text(payment, "answerStatus");
    }

    /** The id of the payment that a message became. */
    private String id(Sent one, Told told) {
        JsonNode payment = told.pending() ? payment(one, told) : null;
        return payment == null ? told.payment() : Reply.text(payment, "id");
    }

    private boolean accepted(Sent one, Told told) {
        String ending = ending(one, told);
        return ending.equals("ACCC") || ending.equals("ACSC");
    }

    private Check posted() {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Sent one : sent) {
            Told told = one.told();
            if (told == null || told.payment().isEmpty()) {
                continue;
            }
            checked++;
            List<JsonNode> found = byKey.getOrDefault(id(one, told), List.of());
            boolean moves = one.message().type() != MessageType.CAMT_056;
            if (accepted(one, told) && moves) {
                String flaw = found.size() == 1 ? flaw(one, found.getFirst()) : "is " + found.size() + " times";
                if (flaw != null) {
                    wrong.add(one.name() + " was accepted and " + flaw + " in the ledger");
                }
            } else if (ending(one, told).equals("RJCT") && !found.isEmpty()) {
                wrong.add(one.name() + " was refused and is in the ledger");
            } else if (!moves && !found.isEmpty()) {
                wrong.add(one.name() + " moved money of its own");
            }
        }
        return new Check("posted, once and with its amount, if and only if accepted", checked, wrong);
    }

    /** What is wrong with the transaction of an accepted message; null when nothing is. */
    private @Nullable String flaw(Sent one, JsonNode transaction) {
        Message message = one.message();
        Money amount = Objects.requireNonNull(message.amount(), "what was accepted has an amount");
        boolean reversal = message.type() == MessageType.PACS_007;
        int legs = 0;
        for (JsonNode leg : transaction.path("legs").values()) {
            legs++;
            if (!Reply.text(leg, "amount").equals(amount.toDecimal())
                    || !Reply.text(leg, "currency").equals(amount.currency().code())) {
                return "has another amount, " + Reply.text(leg, "amount") + " " + Reply.text(leg, "currency") + ",";
            }
            boolean settlement = Reply.text(leg, "account").contains("settlement");
            boolean debit = Reply.text(leg, "side").equals("DEBIT");
            if (!reversal && settlement != (debit == (message.type() == MessageType.PACS_008))) {
                return "moved the wrong way";
            }
        }
        if (legs != 2) {
            return "has " + legs + " legs";
        }
        return reversal ? wrongReversal(one, transaction) : wrongReference(message, transaction);
    }

    private static @Nullable String wrongReference(Message message, JsonNode transaction) {
        return Reply.text(transaction, "reference").equals(message.endToEndId()) ? null : "has another reference";
    }

    private @Nullable String wrongReversal(Sent one, JsonNode transaction) {
        Sent about = Objects.requireNonNull(one.message().about());
        Told original = about.told();
        List<JsonNode> reversed = original == null ? List.of() : byKey.getOrDefault(id(about, original), List.of());
        return reversed.size() == 1
                        && Reply.text(transaction, "reversalOf").equals(Reply.text(reversed.getFirst(), "id"))
                ? null
                : "reverses another payment";
    }

    /** From the ledger's side: nothing of this run is there that nobody was told of, and nothing twice. */
    private Check explained() {
        Set<String> accepted = new HashSet<>();
        for (Sent one : sent) {
            Told told = one.told();
            if (told != null && accepted(one, told)) {
                accepted.add(id(one, told));
            }
        }
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Map.Entry<String, List<JsonNode>> entry : byReference.entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                continue;
            }
            checked += entry.getValue().size();
            if (entry.getValue().size() > 1) {
                wrong.add(
                        entry.getKey() + " is in the ledger " + entry.getValue().size() + " times");
            }
            for (JsonNode transaction : entry.getValue()) {
                if (!accepted.contains(Reply.text(transaction, "key"))) {
                    wrong.add("transaction " + Reply.text(transaction, "id") + " (" + entry.getKey()
                            + ") was posted, and nobody was told that it was accepted");
                }
            }
        }
        return new Check("nothing else is in the ledger, and nothing twice", checked, wrong);
    }

    private Check duplicates() {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Sent one : sent) {
            Told told = one.told();
            Sent about = one.kind() == Kind.DUPLICATE
                    ? Objects.requireNonNull(one.message().about())
                    : null;
            Told first = about == null ? null : about.told();
            if (about != null && told != null && first != null && told.http() == 200 && first.http() == 200) {
                checked++;
                if (!id(one, told).equals(id(about, first))) {
                    wrong.add(one.name() + " became a payment of its own");
                } else if (!told.pending() && !first.pending() && !Arrays.equals(told.body(), first.body())) {
                    wrong.add(one.name() + " got another answer than the first");
                }
            }
        }
        return new Check("duplicates got the same bytes as the first", checked, wrong);
    }

    private Check cancellations() {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Sent one : sent) {
            Told told = one.told();
            Sent about = one.kind() == Kind.CANCELLATION
                    ? Objects.requireNonNull(one.message().about())
                    : null;
            Told original = about == null ? null : about.told();
            if (about == null
                    || told == null
                    || original == null
                    || original.payment().isEmpty()) {
                continue;
            }
            checked++;
            boolean there = byKey.containsKey(id(about, original));
            if (accepted(one, told) && (there || accepted(about, original))) {
                wrong.add(one.name() + " cancelled a payment that was carried out");
            } else if (told.code().equals("RQDA") && !there) {
                wrong.add(one.name() + " was told that the payment was carried out, and it was not");
            }
        }
        return new Check("no payment was both cancelled and carried out", checked, wrong);
    }

    private Check refused() {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Sent one : sent) {
            Told told = one.told();
            if (told != null && !one.kind().acceptable() && (listed || one.kind() != Kind.LISTED)) {
                checked++;
                if (accepted(one, told)) {
                    wrong.add(one.name() + " was accepted");
                }
            }
        }
        return new Check(
                listed
                        ? "nothing malformed, against a rule, or with a listed name was accepted"
                        : "nothing malformed or against a rule was accepted",
                checked,
                wrong);
    }
}
