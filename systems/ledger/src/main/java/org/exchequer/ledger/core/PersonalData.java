package org.exchequer.ledger.core;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Where personal data stands in commands and answers: in the name of an account and in the labels that begin with
 * {@value Subjects#PERSONAL}. What is done with it is the caller's.
 */
public final class PersonalData {
    /** Most characters of an account's name and of a label. */
    private static final int MOST_OF_NAME = 200;

    private static final int MOST_OF_LABEL = 500;

    private PersonalData() {}

    /** What becomes of a text in a command. */
    @FunctionalInterface
    public interface Sealing {
        /**
         * @param subject whom the command is about; null when it does not say
         * @param field where the text stands
         * @param most characters that may stand there
         */
        String seal(@Nullable String subject, String field, String text, int most);
    }

    /** The command with its personal data sealed; itself when it has none. */
    public static Command seal(Command command, Sealing sealing) {
        return switch (command) {
            case Command.Transfer c -> {
                Details details = seal(c.details(), sealing);
                yield details == null
                        ? c
                        : new Command.Transfer(c.key(), c.debitAccount(), c.creditAccount(), c.amount(), details);
            }
            case Command.Post c -> {
                Details details = seal(c.details(), sealing);
                yield details == null ? c : new Command.Post(c.key(), c.legs(), details);
            }
            case Command.Hold c -> {
                Details details = seal(c.details(), sealing);
                yield details == null
                        ? c
                        : new Command.Hold(
                                c.key(), c.debitAccount(), c.creditAccount(), c.amount(), c.timeout(), details);
            }
            case Command.PostPending c -> {
                Details details = seal(c.details(), sealing);
                yield details == null
                        ? c
                        : new Command.PostPending(c.key(), c.pendingId(), c.amount(), c.keepRest(), details);
            }
            case Command.VoidPending c -> {
                Details details = seal(c.details(), sealing);
                yield details == null ? c : new Command.VoidPending(c.key(), c.pendingId(), details);
            }
            case Command.Reverse c -> {
                Details details = seal(c.details(), sealing);
                yield details == null ? c : new Command.Reverse(c.key(), c.transactionId(), c.amount(), details);
            }
            case Command.ProposeAdjustment c -> {
                Details details = seal(c.details(), sealing);
                yield details == null
                        ? c
                        : new Command.ProposeAdjustment(c.key(), c.legs(), c.change(), c.reason(), c.author(), details);
            }
            case Command.OpenAccount c -> new Command.OpenAccount(c.key(), seal(c.account(), sealing));
            case Command.DecideAdjustment c -> c;
            case Command.CloseDay c -> c;
            case Command.ChangeAccount c -> c;
        };
    }

    /**
     * What would keep personal data of a command in clear: a personal label where no subject is named, or one of these
     * labels in other letters or with space around it, which would be taken for any other.
     *
     * @return the label at fault and the rule, or null
     */
    public static @Nullable FieldError inClear(Command command) {
        Map<String, String> labels = labels(command);
        for (String key : labels.keySet()) {
            String meant = key.strip().toLowerCase(Locale.ROOT);
            if (meant.equals(Subjects.LABEL) && !key.equals(Subjects.LABEL)) {
                return new FieldError("metadata." + key, "must be written " + Subjects.LABEL);
            }
            if (meant.startsWith(Subjects.PERSONAL)) {
                if (!key.startsWith(Subjects.PERSONAL)) {
                    return new FieldError(
                            "metadata." + key, "must begin with " + Subjects.PERSONAL + " in small letters");
                }
                if (!labels.containsKey(Subjects.LABEL)) {
                    return new FieldError(
                            "metadata." + key,
                            "is personal data, which needs the label " + Subjects.LABEL
                                    + ": a reference to the person");
                }
            }
        }
        return null;
    }

    private static Map<String, String> labels(Command command) {
        return switch (command) {
            case Command.Transfer c -> c.details().metadata();
            case Command.Post c -> c.details().metadata();
            case Command.Hold c -> c.details().metadata();
            case Command.PostPending c -> c.details().metadata();
            case Command.VoidPending c -> c.details().metadata();
            case Command.Reverse c -> c.details().metadata();
            case Command.ProposeAdjustment c -> c.details().metadata();
            case Command.OpenAccount c -> c.account().metadata();
            case Command.DecideAdjustment c -> Map.of();
            case Command.CloseDay c -> Map.of();
            case Command.ChangeAccount c -> Map.of();
        };
    }

    /** Whether the answer to a command can hold nothing personal but what the command itself holds. */
    public static boolean answersItself(Command command) {
        return command instanceof Command.Transfer
                || command instanceof Command.Post
                || command instanceof Command.Hold;
    }

    private static @Nullable Details seal(Details details, Sealing sealing) {
        Map<String, String> labels = seal(details.metadata(), sealing);
        return labels == null
                ? null
                : new Details(details.reference(), details.correlationId(), details.valueDate(), labels);
    }

    private static AccountSpec seal(AccountSpec account, Sealing sealing) {
        String subject = account.metadata().get(Subjects.LABEL);
        Map<String, String> labels = seal(account.metadata(), sealing);
        return with(
                account,
                sealing.seal(subject, "name", account.name(), MOST_OF_NAME),
                labels == null ? account.metadata() : labels);
    }

    private static @Nullable Map<String, String> seal(Map<String, String> labels, Sealing sealing) {
        return labels(
                labels,
                text -> true,
                (key, text) -> sealing.seal(labels.get(Subjects.LABEL), "metadata." + key, text, MOST_OF_LABEL));
    }

    @FunctionalInterface
    private interface Change {
        String to(String key, String text);
    }

    /** The labels with the personal ones changed; null when none of them is concerned: the common case, and quick. */
    private static @Nullable Map<String, String> labels(
            Map<String, String> labels, Predicate<String> concerned, Change change) {
        if (labels.isEmpty()) {
            return null;
        }
        Map<String, String> changed = null;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (label.getKey().startsWith(Subjects.PERSONAL) && concerned.test(label.getValue())) {
                changed = changed == null ? new HashMap<>(labels) : changed;
                changed.put(label.getKey(), change.to(label.getKey(), label.getValue()));
            }
        }
        return changed;
    }

    private static AccountSpec with(AccountSpec account, String name, Map<String, String> labels) {
        return new AccountSpec(
                account.code(),
                name,
                account.type(),
                account.normalSide(),
                account.currency(),
                account.parent(),
                account.rule(),
                account.overdraftLimit(),
                account.bounds(),
                labels);
    }

    /**
     * Changes what is sealed in answers.
     *
     * @param sealed whether a text is
     * @param open what becomes of it
     */
    public record Opening(Predicate<String> sealed, UnaryOperator<String> open) {
        public Account account(Account account) {
            AccountSpec spec = account.spec();
            Map<String, String> labels = labels(spec.metadata(), sealed, (key, text) -> open.apply(text));
            return labels == null && !sealed.test(spec.name())
                    ? account
                    : new Account(
                            account.id(),
                            with(spec, text(spec.name()), labels == null ? spec.metadata() : labels),
                            account.state(),
                            account.openedAt());
        }

        private String text(String text) {
            return sealed.test(text) ? open.apply(text) : text;
        }

        private @Nullable Details details(Details details) {
            Map<String, String> labels = labels(details.metadata(), sealed, (key, text) -> open.apply(text));
            return labels == null
                    ? null
                    : new Details(details.reference(), details.correlationId(), details.valueDate(), labels);
        }

        public Transaction transaction(Transaction t) {
            Details details = details(t.details());
            return details == null
                    ? t
                    : new Transaction(
                            t.id(),
                            t.key(),
                            t.bookedAt(),
                            t.bookingDate(),
                            t.valueDate(),
                            t.entries(),
                            details,
                            t.origin());
        }

        public PendingTransaction pending(PendingTransaction p) {
            Details details = details(p.details());
            return details == null
                    ? p
                    : new PendingTransaction(
                            p.id(),
                            p.key(),
                            p.createdAt(),
                            p.debitAccount(),
                            p.creditAccount(),
                            p.amount(),
                            p.remaining(),
                            p.posted(),
                            p.expiresAt(),
                            p.state(),
                            details,
                            p.linkedTo());
        }

        public Adjustment adjustment(Adjustment a) {
            Details details = details(a.details());
            return details == null
                    ? a
                    : new Adjustment(
                            a.id(),
                            a.key(),
                            a.proposedAt(),
                            a.author(),
                            a.reason(),
                            a.legs(),
                            a.change(),
                            details,
                            a.state(),
                            a.decision(),
                            a.transactionId());
        }

        public Outcome outcome(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Posted o -> new Outcome.Posted(transaction(o.transaction()), o.replayed());
                case Outcome.Held o -> new Outcome.Held(pending(o.pending()), o.replayed());
                case Outcome.Proposed o -> new Outcome.Proposed(adjustment(o.adjustment()), o.replayed());
                case Outcome.AccountChanged o ->
                    new Outcome.AccountChanged(account(o.account()), o.sequence(), o.replayed());
                case Outcome.Released o -> o;
                case Outcome.Dismissed o -> o;
                case Outcome.DayClosed o -> o;
                case Outcome.Rejected o -> o;
                case Outcome.Refused o -> o;
                case Outcome.Unknown o -> o;
            };
        }

        public BalanceSheet balanceSheet(BalanceSheet sheet) {
            return new BalanceSheet(
                    sheet.sheets().stream()
                            .map(s -> new BalanceSheet.Sheet(
                                    s.currency(),
                                    lines(s.assets()),
                                    lines(s.liabilities()),
                                    lines(s.equity()),
                                    s.totalAssets(),
                                    s.totalLiabilities(),
                                    s.totalEquity(),
                                    s.result()))
                            .toList(),
                    sheet.asOf(),
                    sheet.asOfSequence(),
                    sheet.asOfSequences());
        }

        public IncomeStatement incomeStatement(IncomeStatement statement) {
            return new IncomeStatement(
                    statement.from(),
                    statement.to(),
                    statement.basis(),
                    statement.statements().stream()
                            .map(s -> new IncomeStatement.Statement(
                                    s.currency(),
                                    lines(s.income()),
                                    lines(s.expenses()),
                                    s.totalIncome(),
                                    s.totalExpenses(),
                                    s.result()))
                            .toList(),
                    statement.asOfSequence(),
                    statement.asOfSequences());
        }

        private List<BalanceSheet.Line> lines(List<BalanceSheet.Line> lines) {
            return lines.stream()
                    .map(line -> sealed.test(line.name())
                            ? new BalanceSheet.Line(line.account(), open.apply(line.name()), line.amount())
                            : line)
                    .toList();
        }
    }
}
