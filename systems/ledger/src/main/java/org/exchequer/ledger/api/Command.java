package org.exchequer.ledger.api;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the ledger. Every command carries an idempotency key: the same key with the same command gets
 * the first answer again, rejections included; the same key with another command is refused.
 *
 * <p>Keys are 1 to 128 printable ASCII characters, unique over the whole ledger and for ever. A time-ordered UUID
 * (version 7, RFC 9562) is the best choice: the ledger's key index then grows at one end.
 */
public sealed interface Command {
    /** The idempotency key. */
    String key();

    /** Moves one amount: debits one account, credits another. The common case, and the fast one. */
    record Transfer(String key, String debitAccount, String creditAccount, Money amount, Details details)
            implements Command {
        public Transfer {
            requireKey(key);
            AccountSpec.requireCode("debitAccount", debitAccount);
            AccountSpec.requireCode("creditAccount", creditAccount);
        }
    }

    /** Posts 2 to {@value #MAX_LEGS} legs, all or none, balanced in each currency. */
    record Post(String key, List<Leg> legs, Details details) implements Command {
        public static final int MAX_LEGS = 1_000;

        public Post {
            requireKey(key);
            legs = requireLegs(legs);
        }
    }

    /**
     * Reserves an amount on two accounts: the first phase of a two-phase transfer. It counts against limits at once and
     * moves nothing until {@link PostPending}.
     *
     * @param timeout whole seconds, 1 second to 3,650 days, after which what remains is released; null for never
     */
    record Hold(
            String key,
            String debitAccount,
            String creditAccount,
            Money amount,
            @Nullable Duration timeout,
            Details details)
            implements Command {
        public static final Duration MAX_TIMEOUT = Duration.ofDays(3_650);

        public Hold {
            requireKey(key);
            AccountSpec.requireCode("debitAccount", debitAccount);
            AccountSpec.requireCode("creditAccount", creditAccount);
            if (timeout != null
                    && (timeout.toSeconds() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0 || timeout.getNano() != 0)) {
                throw new FieldError("timeout", "must be whole seconds, from 1 to " + MAX_TIMEOUT.toSeconds());
            }
            requireNoValueDate(details);
        }
    }

    /**
     * Posts a hold, in full or part: the second phase.
     *
     * @param pendingId the hold
     * @param amount how much, at most what remains; null for all that remains
     * @param keepRest whether what is not posted stays reserved for further postings; if not, it is released
     */
    record PostPending(String key, long pendingId, @Nullable Money amount, boolean keepRest, Details details)
            implements Command {
        public PostPending {
            requireKey(key);
            requireId("pendingId", pendingId);
        }
    }

    /** Releases what remains of a hold, and ends it. */
    record VoidPending(String key, long pendingId, Details details) implements Command {
        public VoidPending {
            requireKey(key);
            requireId("pendingId", pendingId);
            requireNoValueDate(details);
        }
    }

    /**
     * Undoes a transaction by posting its legs with the sides exchanged. Together the reversals of a transaction never
     * exceed it.
     *
     * @param amount how much of a two-leg transaction; null for all that has not been reversed yet
     */
    record Reverse(String key, long transactionId, @Nullable Money amount, Details details) implements Command {
        public Reverse {
            requireKey(key);
            requireId("transactionId", transactionId);
        }

        /** Undoes all that has not been reversed yet. */
        public Reverse(String key, long transactionId, Details details) {
            this(key, transactionId, null, details);
        }
    }

    /**
     * Proposes what takes two people: a correction of the books by hand, or a change of an account. Nothing happens
     * before somebody else approves it.
     *
     * @param legs what is to be posted; empty when an account is to be changed
     * @param change of an account; null when something is to be posted
     * @param reason why it is needed, 1 to 500 characters
     * @param author who proposes it, 1 to 100 characters
     */
    record ProposeAdjustment(
            String key, List<Leg> legs, @Nullable AccountChange change, String reason, String author, Details details)
            implements Command {
        public ProposeAdjustment {
            requireKey(key);
            if (change == null) {
                legs = requireLegs(legs);
            } else if (legs.isEmpty()) {
                legs = List.of();
            } else {
                throw new FieldError("change", "must not be given together with legs: propose two adjustments");
            }
            reason = requireText("reason", reason, 500);
            author = requireText("author", author, 100);
        }

        /** Of the books. */
        public ProposeAdjustment(String key, List<Leg> legs, String reason, String author, Details details) {
            this(key, legs, null, reason, author, details);
        }

        /** Of an account. */
        public ProposeAdjustment(String key, AccountChange change, String reason, String author, Details details) {
            this(key, List.of(), change, reason, author, details);
        }
    }

    /**
     * Decides on a proposed adjustment, once.
     *
     * @param approve true to post it or change the account, false to reject it for good
     * @param decidedBy who decides, 1 to 100 characters; to approve, somebody other than the author,
     *     whatever the case of the letters
     * @param reason why it is rejected, at most 500 characters; empty where nobody says, and in an approval
     */
    record DecideAdjustment(String key, long adjustmentId, boolean approve, String decidedBy, String reason)
            implements Command {
        public DecideAdjustment {
            requireKey(key);
            requireId("adjustmentId", adjustmentId);
            decidedBy = requireText("decidedBy", decidedBy, 100);
            reason = reason.isBlank() ? "" : requireText("reason", reason, 500);
            if (approve && !reason.isEmpty()) {
                throw new FieldError("reason", "is for rejections only: what is approved has its author's reason");
            }
        }

        /** Without a reason. */
        public DecideAdjustment(String key, long adjustmentId, boolean approve, String decidedBy) {
            this(key, adjustmentId, approve, decidedBy, "");
        }
    }

    /**
     * Closes a business day and all before it: what is booked afterwards belongs to a later day, and no value date may
     * lie in it.
     *
     * @param day not after the present date in UTC
     * @param closedBy who closes it, 1 to 100 characters
     */
    record CloseDay(String key, LocalDate day, String closedBy) implements Command {
        public CloseDay {
            requireKey(key);
            if (day.getYear() < 1900 || day.getYear() > 2999) {
                throw new FieldError("day", "must lie in the years 1900 to 2999");
            }
            closedBy = requireText("closedBy", closedBy, 100);
        }
    }

    /** Opens an account. */
    record OpenAccount(String key, AccountSpec account) implements Command {
        public OpenAccount {
            requireKey(key);
        }
    }

    /**
     * Changes an account.
     *
     * @param tightenOnly whether a change that raises a limit, widens a bound or lifts a freeze is rejected, because it
     *     takes two; see {@link ProposeAdjustment}. Part of who may do what, not of the request: a key may come again
     *     with another
     */
    record ChangeAccount(String key, AccountChange change, boolean tightenOnly) implements Command {
        public ChangeAccount {
            requireKey(key);
        }

        /** Changes it, whatever the direction. */
        public ChangeAccount(
                String key,
                String account,
                @Nullable AccountState state,
                @Nullable Long overdraftLimit,
                @Nullable Bounds bounds) {
            this(key, new AccountChange(account, state, overdraftLimit, bounds, null), false);
        }

        /** Changes state and overdraft limit only. */
        public ChangeAccount(String key, String account, @Nullable AccountState state, @Nullable Long overdraftLimit) {
            this(key, account, state, overdraftLimit, null);
        }

        /** The account's code. */
        public String account() {
            return change.account();
        }
    }

    /** Legs of a command; two for whatever has none. */
    static int legs(Command command) {
        return switch (command) {
            case Post post -> post.legs().size();
            case ProposeAdjustment propose -> Math.max(2, propose.legs().size());
            default -> 2;
        };
    }

    /** Checks what {@link Ledger#submitLinked} asks of its commands. */
    static void requireLinkable(List<Command> commands) {
        if (commands.size() < 2 || commands.size() > Ledger.MAX_LINKED) {
            throw new FieldError("commands", "must have 2 to " + Ledger.MAX_LINKED + " items");
        }
        Set<String> keys = new HashSet<>();
        int legs = 0;
        for (int i = 0; i < commands.size(); i++) {
            if (!keys.add(commands.get(i).key())) {
                throw new FieldError("commands[" + i + "].idempotencyKey", "occurs twice in the linked batch");
            }
            legs += legs(commands.get(i));
        }
        if (legs > Ledger.MAX_LINKED_LEGS) {
            throw new FieldError("commands", "may have at most " + Ledger.MAX_LINKED_LEGS + " legs together");
        }
    }

    private static List<Leg> requireLegs(List<Leg> legs) {
        if (legs.size() < 2 || legs.size() > Post.MAX_LEGS) {
            throw new FieldError("legs", "must have 2 to " + Post.MAX_LEGS + " items");
        }
        return List.copyOf(legs);
    }

    private static void requireNoValueDate(Details details) {
        if (details.valueDate() != null) {
            throw new FieldError(
                    "valueDate", "belongs to the posting of a hold; what is only reserved counts from no day");
        }
    }

    private static void requireId(String field, long id) {
        if (id < 1) {
            throw new FieldError(field, "must be a positive number");
        }
    }

    /** The text without blanks around it. */
    private static String requireText(String field, String text, int most) {
        if (text.isBlank() || text.length() > most || Details.hasControl(text)) {
            throw new FieldError(field, "must have 1 to " + most + " characters, none of them a control character");
        }
        return text.strip();
    }

    /** @throws FieldError naming {@code idempotencyKey} when no command can have this key */
    static void requireKey(String key) {
        if (key.isEmpty() || key.length() > 128) {
            throw new FieldError("idempotencyKey", "must have 1 to 128 characters");
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) < 0x21 || key.charAt(i) > 0x7e) {
                throw new FieldError("idempotencyKey", "may hold printable ASCII only, without spaces");
            }
        }
    }
}
