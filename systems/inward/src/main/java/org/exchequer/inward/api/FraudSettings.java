package org.exchequer.inward.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What fraud is judged by: weights, thresholds, the rules' numbers, and deny and allow lists. One person proposes a
 * change, another approves it; every node judges by it within two seconds. Each approval is a revision, which every
 * decision on a payment records. Revision 1 is the program's own values and no lists.
 */
public interface FraudSettings {
    /** Most values in one change. */
    int MOST_VALUES = 100;

    /** Most entries in one change of a list. */
    int MOST_ENTRIES = 100;

    /** Most entries that are in force together. */
    int MOST_LISTED = 100_000;

    /** Most decisions that a preview looks at. */
    int MOST_PREVIEWED = 10_000;

    /**
     * A number that can be set.
     *
     * @param name such as {@code weight.model} or {@code rule.card_testing.payments}
     * @param unit what it is counted in
     * @param decimals most that it may have
     * @param standard what holds until somebody sets it; of one that follows the traffic, what it starts from
     * @param follows whether it follows the traffic until somebody sets it
     */
    record Key(
            String name,
            String unit,
            BigDecimal least,
            BigDecimal most,
            int decimals,
            BigDecimal standard,
            boolean follows,
            String text) {}

    /**
     * A key and what holds.
     *
     * @param set what people have set; null for the standard
     * @param now what this node judges by at this moment
     */
    record Value(Key key, @Nullable BigDecimal set, BigDecimal now) {}

    /** What a change is about. */
    enum Kind {
        SETTINGS,
        LIST
    }

    /** What an entry names. */
    enum Named {
        /** By its number or IBAN, on either side of a payment; a trusted one as the payee only. */
        ACCOUNT,
        /** By the first eight characters of its BIC. */
        BANK
    }

    /**
     * One name on a list.
     *
     * @param deny true refuses, false trusts
     * @param shown the BIC; of an account its last four characters
     * @param until first moment at which it counts no more
     * @param change the version that brought it
     */
    record Entry(long id, boolean deny, Named named, String shown, String reason, Instant until, long change) {}

    /**
     * A name to be listed.
     *
     * @param name an account's number or IBAN, or a BIC
     * @param reason why, 1 to 200 characters
     */
    record NewEntry(boolean deny, Named named, String name, String reason, Instant until) {}

    /**
     * One change.
     *
     * @param version counts proposals, from 1
     * @param settings by key what it sets; a value of null for the standard
     * @param adds entries that it lists
     * @param removes entries that it takes off
     * @param rollbackOf the version that it goes back to, or takes back
     * @param revision its place in the order of approvals; null while it is not approved
     */
    record Change(
            long version,
            UUID id,
            Kind kind,
            Map<String, @Nullable BigDecimal> settings,
            List<Entry> adds,
            List<Entry> removes,
            @Nullable Long rollbackOf,
            String reason,
            String proposedBy,
            Instant proposedAt,
            Decision.State state,
            @Nullable Decision decision,
            @Nullable Long revision) {}

    /**
     * A decision that would be another one.
     *
     * @param was decision then; {@code refused} when the payment was refused for it
     */
    record Differs(
            UUID payment,
            Instant at,
            String amount,
            String currency,
            String was,
            boolean wasRefused,
            double wasScore,
            String would,
            boolean wouldBeRefused,
            double wouldScore,
            List<String> wasRules,
            List<String> wouldRules) {}

    /**
     *      * What a change would have done to the last decisions: their stored inputs judged again, with the change and
     * without.
     *      *
     * @param looked how many were judged again
     * @param skipped how many could not be: stored before what rules are given was
     * @param differ how many would be decided or refused otherwise
     * @param moved how many of the others would have another score
     * @param complete whether it came to its end in time
     * @param before payments by decision without the change
     * @param after with it
     * @param examples the newest of those that differ
     */
    record Preview(
            long version,
            long looked,
            long skipped,
            long differ,
            long moved,
            boolean complete,
            Map<String, Long> before,
            Map<String, Long> after,
            List<Differs> examples) {}

    /**
     * What holds on this node.
     *
     * @param listed entries in force
     */
    record Now(long revision, List<Value> values, int listed) {}

    /** What became of a proposal or a decision. */
    sealed interface Outcome {
        /** It is as asked for. */
        record Done(Change change) implements Outcome {}

        /** Nothing was done. */
        record NotDone(Why why, String detail) implements Outcome {}
    }

    /** Why nothing was done. */
    enum Why {
        /** There is no such version. */
        CHANGE_NOT_FOUND,
        /** There is no such entry, or it is not in force. */
        ENTRY_NOT_FOUND,
        /** It was approved or rejected before. */
        ALREADY_DECIDED,
        /** Whoever proposed it may withdraw it, but not approve it. */
        APPROVER_IS_AUTHOR,
        /** With what holds by now it makes no sense, such as weights that do not sum to 100. */
        CONTRADICTION,
        /** Only what was approved once can be gone back to. */
        NOT_APPROVED,
        /** The key was used for another proposal. */
        IDEMPOTENCY_KEY_REUSED
    }

    /** What holds here, by key in order. */
    Now now();

    /** Changes, the newest first, at most 1,000. */
    List<Change> changes();

    /** What waits for a decision, the oldest first. */
    List<Change> proposed();

    /** Entries of lists that are in force, by what they name. */
    List<Entry> listed();

    /**
     * Proposes values; what is not named stays as it is when the change is approved.
     *
     * @param id of the proposal; the same again is the same proposal
     * @param values by key; null for the standard
     * @throws org.exchequer.ledger.api.FieldError naming the key and its rule, or {@code weight} or {@code threshold}
     *     when those make no sense together
     */
    Outcome propose(UUID id, Map<String, @Nullable BigDecimal> values, String reason, String by);

    /**
     * Proposes entries.
     *
     * @throws org.exchequer.ledger.api.FieldError naming the field, such as {@code entries[0].name}, and its rule
     */
    Outcome list(UUID id, List<NewEntry> entries, String reason, String by);

    /** Proposes to take entries off. */
    Outcome unlist(UUID id, List<Long> entries, String reason, String by);

    /** What a proposal would have done to the last decisions, the newest {@code most} of them, within two seconds. */
    java.util.Optional<Preview> preview(long version, int most);

    /** Approves or rejects; who proposed it may only reject it. */
    Outcome decide(long version, boolean approve, String by, String reason);

    /**
     *      * Proposes to go back: to all settings as they were after an approved change of settings; or to take back an
     * approved
     * change of a list.
     *      */
    Outcome rollBack(UUID id, long version, String reason, String by);
}
