package org.exchequer.lab.check;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.exchequer.lab.history.History;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a run: the history its clients recorded, and what was read once it was over. Empty means that it
 * was not read, which is not the same as that there was nothing.
 *
 * @param history what was asked and answered
 * @param opening balances by account right before the first entry of {@code journal}; accounts left out stood at zero
 * @param journal the durable entries in order of position, rejections and openings of accounts included
 * @param balances by account, read at the end
 * @param limits by account; an account left out has none
 * @param outbox what was to be published, in order; of a system with a journal, made from that
 * @param topic what stands on the topic, by partition, then offset
 * @param inbox what a consumer has applied, in the order of application
 */
public record Evidence(
        History history,
        Map<String, Balance> opening,
        Optional<List<Entry>> journal,
        Optional<Map<String, Balance>> balances,
        Optional<Map<String, Limit>> limits,
        Optional<List<Message>> outbox,
        Optional<List<Message>> topic,
        Optional<List<Message>> inbox) {
    private static final int POSITION_BITS = 48;

    /** The history alone. */
    public static Evidence of(History history) {
        return new Evidence(
                history,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Totals of an account in minor units, 0 or more each.
     *
     * @param pendingDebits reserved by open holds
     * @param pendingCredits reserved by open holds
     */
    public record Balance(long debits, long credits, long pendingDebits, long pendingCredits) {
        public static final Balance ZERO = new Balance(0, 0, 0, 0);
    }

    /**
     * How far an account may go, in minor units, open holds counted; null for no limit. A bound is broken only by an
     * entry that moves the account further that way.
     *
     * @param mostDebit most that debits and what is held of them may exceed credits by
     * @param mostCredit most that credits and what is held of them may exceed debits by
     */
    public record Limit(@Nullable Long mostDebit, @Nullable Long mostCredit) {}

    /**
     * A durable entry of the journal.
     *
     * @param position its place, 1 and up, without gaps
     * @param key idempotency key
     * @param kind what it was: {@code transfer}, {@code hold}, {@code post}, {@code void}, {@code reverse}, {@code
     *     expire}, or any other word for what clients of the run do not ask
     * @param rejection the reason when it was recorded as rejected, else null
     * @param legs what it posts; none for a hold, a void, a rejection
     * @param reserved what it changes about amounts on hold, per account and side; negative when released
     */
    public record Entry(
            long position,
            String key,
            String kind,
            @Nullable String rejection,
            List<Leg> legs,
            List<Leg> reserved) {
        public Entry {
            legs = List.copyOf(legs);
            reserved = List.copyOf(reserved);
        }

        /** Whether it posts just these legs, see {@link Evidence#legs}. */
        boolean sameLegs(String text) {
            return Evidence.legs(legs.stream().map(Leg::describe).toList()).equals(text);
        }

        /** One line for people. */
        public String describe() {
            StringBuilder text = new StringBuilder("journal " + position + ": " + kind + " " + key);
            if (rejection != null) {
                text.append(" rejected, ").append(rejection);
            }
            legs.forEach(leg -> text.append(", ").append(leg.describe()));
            reserved.forEach(leg -> text.append(", on hold ").append(leg.describe()));
            return text.toString();
        }
    }

    /**
     * One leg.
     *
     * @param amount minor units; more than zero when posted
     * @param balanceAfter debits minus credits of the account after the whole entry as the entry itself records it;
     *     null when it does not
     */
    public record Leg(
            String account,
            boolean debit,
            long amount,
            String currency,
            @Nullable Long balanceAfter) {
        public String describe() {
            return (debit ? "debit " : "credit ") + account + " " + amount + " " + currency;
        }
    }

    /** The shard that an id belongs to: its high bits above the 48 of a position; 0 of a ledger that is whole. */
    public static int shard(long id) {
        return Math.toIntExact(id >>> POSITION_BITS);
    }

    /** The position in the journal of its shard that an id stands for. */
    public static long position(long id) {
        return id & (1L << POSITION_BITS) - 1;
    }

    /** Legs in one line, whatever their order, as they stand in histories. */
    public static String legs(Collection<String> described) {
        return described.stream().sorted().collect(Collectors.joining("; "));
    }

    /** The accounts of such a line. */
    static List<String> accounts(String legs) {
        return Arrays.stream(legs.split("; ", -1))
                .map(leg -> leg.split(" ", 3)[1])
                .toList();
    }

    /**
     * A message that is to be published, was published, or was applied.
     *
     * @param stream what order is kept within: the partition key
     * @param sequence its place in the stream, rising but not without gaps, e.g. the journal's position
     * @param body canonical text of its content: equal exactly when the content is
     */
    public record Message(String stream, long sequence, String body) {}

    public Evidence withHistory(History read) {
        return new Evidence(read, opening, journal, balances, limits, outbox, topic, inbox);
    }

    public Evidence withOpening(Map<String, Balance> read) {
        return new Evidence(history, Map.copyOf(read), journal, balances, limits, outbox, topic, inbox);
    }

    public Evidence withJournal(List<Entry> read) {
        return new Evidence(history, opening, Optional.of(read), balances, limits, outbox, topic, inbox);
    }

    public Evidence withBalances(Map<String, Balance> read) {
        return new Evidence(history, opening, journal, Optional.of(Map.copyOf(read)), limits, outbox, topic, inbox);
    }

    public Evidence withLimits(Map<String, Limit> read) {
        return new Evidence(history, opening, journal, balances, Optional.of(Map.copyOf(read)), outbox, topic, inbox);
    }

    public Evidence withOutbox(List<Message> read) {
        return new Evidence(history, opening, journal, balances, limits, Optional.of(read), topic, inbox);
    }

    public Evidence withTopic(List<Message> read) {
        return new Evidence(history, opening, journal, balances, limits, outbox, Optional.of(read), inbox);
    }

    public Evidence withInbox(List<Message> read) {
        return new Evidence(history, opening, journal, balances, limits, outbox, topic, Optional.of(read));
    }
}
