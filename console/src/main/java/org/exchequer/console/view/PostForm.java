package org.exchequer.console.view;

import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * The post form as typed. Amounts are in the currency of the account beside them, so no currency is asked for.
 *
 * @param kind which of the forms
 * @param key idempotency key, given when the form was first shown
 * @param legs two for a transfer or a hold: the first debited, the second credited, the amount typed once, in the first
 * @param terms the rest
 */
public record PostForm(Kind kind, String key, List<LegForm> legs, Terms terms) {
    /** More than a person types; longer postings come in through the API. */
    public static final int MAX_LEGS = 100;

    /** Which of the forms. */
    public enum Kind {
        /** One amount from one account to another. */
        TRANSFER,
        /** Any number of legs. */
        JOURNAL,
        /** A transfer that reserves now and is posted or voided later. */
        HOLD,
        /** Any number of legs, posted when somebody else approves them. */
        ADJUSTMENT;

        /** Whether it has two legs with one amount. */
        public boolean isPair() {
            return this == TRANSFER || this == HOLD;
        }

        /** The one of this name in lower case; a transfer when there is none such. */
        public static Kind of(String name) {
            for (Kind kind : values()) {
                if (kind.id().equals(name)) {
                    return kind;
                }
            }
            return TRANSFER;
        }

        /** E.g. {@code journal}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is not a leg; all of it may be empty.
     *
     * @param metadata lines of {@code name=value}
     * @param valueDate e.g. {@code 2026-03-01}
     * @param timeout of a hold: a whole number
     * @param timeoutUnit {@code seconds}, {@code minutes}, {@code hours} or {@code days}
     * @param reason of an adjustment
     */
    public record Terms(
            String reference,
            String correlationId,
            String metadata,
            String valueDate,
            String timeout,
            String timeoutUnit,
            String reason) {
        public static final Terms EMPTY = new Terms("", "", "", "", "", "days", "");
    }

    /**
     * One row.
     *
     * @param account code
     * @param debit amount, or empty
     * @param credit amount, or empty
     */
    public record LegForm(String account, String debit, String credit) {
        public static final LegForm EMPTY = new LegForm("", "", "");

        boolean isBlank() {
            return account.isBlank() && debit.isBlank() && credit.isBlank();
        }
    }

    /** A row as far as it could be read: what is null could not. */
    record Read(
            int row,
            @Nullable Account account,
            @Nullable Side side,
            @Nullable Money amount) {}

    /** The command, or what keeps the form from being one: field → rule. */
    public record Parsed(@Nullable Command command, Map<String, String> errors) {}

    public PostForm {
        legs = List.copyOf(legs);
    }

    public static PostForm empty(Kind kind, String key, List<LegForm> legs) {
        return new PostForm(kind, key, legs, Terms.EMPTY);
    }

    public PostForm withKey(String newKey) {
        return new PostForm(kind, newKey, legs, terms);
    }

    /** With one more empty row, up to {@value #MAX_LEGS}. */
    public PostForm withLeg() {
        List<LegForm> more = new ArrayList<>(legs);
        if (more.size() < MAX_LEGS) {
            more.add(LegForm.EMPTY);
        }
        return new PostForm(kind, key, more, terms);
    }

    /** Without one row; two always stay. */
    public PostForm withoutLeg(int row) {
        List<LegForm> fewer = new ArrayList<>(legs);
        if (fewer.size() > 2 && row >= 0 && row < fewer.size()) {
            fewer.remove(row);
        }
        return new PostForm(kind, key, fewer, terms);
    }

    /**
     * Reads the form into a command. Every field at fault is named at once.
     *
     * @param author who sends it: the author of an adjustment
     */
    public Parsed parse(Ledger ledger, String author) {
        Map<String, String> errors = new LinkedHashMap<>();
        List<Read> rows = read(ledger, errors);
        Optional<Details> details = details(errors);
        Optional<Duration> timeout = timeout(errors);
        if (kind == Kind.ADJUSTMENT && terms.reason().isBlank()) {
            errors.put("reason", "say why the books need it");
        }
        if (errors.isEmpty() && details.isPresent()) {
            try {
                return new Parsed(command(rows, details.get(), timeout.orElse(null), author), errors);
            } catch (FieldError broken) {
                errors.put(broken.field(), broken.getMessage());
            }
        }
        return new Parsed(null, errors);
    }

    private Command command(List<Read> rows, Details details, @Nullable Duration timeout, String author) {
        List<Leg> asked = rows.stream()
                .filter(row -> row.account() != null && row.side() != null && row.amount() != null)
                .map(row -> new Leg(row.account().code(), row.side(), row.amount()))
                .toList();
        return switch (kind) {
            case TRANSFER ->
                new Command.Transfer(
                        key,
                        asked.get(0).account(),
                        asked.get(1).account(),
                        asked.get(0).amount(),
                        details);
            case HOLD ->
                new Command.Hold(
                        key,
                        asked.get(0).account(),
                        asked.get(1).account(),
                        asked.get(0).amount(),
                        timeout,
                        details);
            case JOURNAL -> new Command.Post(key, asked, details);
            case ADJUSTMENT ->
                new Command.ProposeAdjustment(key, asked, terms.reason().strip(), author, details);
        };
    }

    private Optional<Duration> timeout(Map<String, String> errors) {
        String typed = terms.timeout().strip();
        if (kind != Kind.HOLD || typed.isEmpty()) {
            return Optional.empty();
        }
        if (!typed.matches("[1-9][0-9]{0,8}")) {
            errors.put("timeout", "must be a whole number of at least 1, or empty to wait until posted or voided");
            return Optional.empty();
        }
        ChronoUnit unit = switch (terms.timeoutUnit()) {
            case "seconds" -> ChronoUnit.SECONDS;
            case "minutes" -> ChronoUnit.MINUTES;
            case "hours" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
        return Optional.of(Duration.of(Long.parseLong(typed), unit));
    }

    /** Reads the rows that hold something; what is wrong with them goes to {@code errors}. */
    List<Read> read(Ledger ledger, Map<String, String> errors) {
        return kind.isPair() ? readTransfer(ledger, errors) : readJournal(ledger, errors);
    }

    private List<Read> readTransfer(Ledger ledger, Map<String, String> errors) {
        LegForm from = legs.get(0);
        LegForm into = legs.get(1);
        Account debit = account(ledger, from.account(), "debitAccount", errors);
        Account credit = account(ledger, into.account(), "creditAccount", errors);
        Account known = debit == null ? credit : debit;
        Money amount = amount(from.debit(), known, "amount", errors);
        if (debit != null
                && credit != null
                && !Objects.equals(debit.spec().currency(), credit.spec().currency())) {
            errors.put(
                    "creditAccount",
                    "is in " + credit.spec().currency() + ", the debited account in "
                            + debit.spec().currency());
            return List.of(new Read(0, debit, Side.DEBIT, amount), new Read(1, credit, Side.CREDIT, null));
        }
        return List.of(new Read(0, debit, Side.DEBIT, amount), new Read(1, credit, Side.CREDIT, amount));
    }

    private List<Read> readJournal(Ledger ledger, Map<String, String> errors) {
        List<Read> rows = new ArrayList<>();
        for (int i = 0; i < legs.size(); i++) {
            LegForm leg = legs.get(i);
            if (leg.isBlank()) {
                continue;
            }
            String at = "legs[" + i + "]";
            Account account = account(ledger, leg.account(), at + ".account", errors);
            if (!leg.debit().isBlank() && !leg.credit().isBlank()) {
                errors.put(at + ".amount", "fill in debit or credit, not both");
                rows.add(new Read(i, account, null, null));
            } else {
                Side side = leg.credit().isBlank() ? Side.DEBIT : Side.CREDIT;
                String typed = side == Side.DEBIT ? leg.debit() : leg.credit();
                rows.add(new Read(i, account, side, amount(typed, account, at + ".amount", errors)));
            }
        }
        if (rows.size() < 2) {
            errors.putIfAbsent("legs", "fill in at least two legs");
        }
        return rows;
    }

    private static @Nullable Account account(Ledger ledger, String typed, String field, Map<String, String> errors) {
        String code = typed.strip();
        if (code.isEmpty()) {
            errors.put(field, "give the code of an account");
            return null;
        }
        Optional<Account> account = ledger.account(code);
        if (account.isEmpty()) {
            errors.put(field, "no account has this code");
            return null;
        }
        if (account.get().isSummary()) {
            errors.put(field, "groups other accounts and takes no entries itself");
            return null;
        }
        return account.get();
    }

    private static @Nullable Money amount(
            String typed, @Nullable Account account, String field, Map<String, String> errors) {
        if (typed.isBlank()) {
            errors.put(field, "give an amount");
            return null;
        }
        Currency currency = account == null ? null : account.spec().currency();
        if (currency == null) {
            return null;
        }
        try {
            return Typed.amount(field, typed, currency);
        } catch (FieldError broken) {
            errors.put(field, String.valueOf(broken.getMessage()));
            return null;
        }
    }

    private Optional<Details> details(Map<String, String> errors) {
        @Nullable LocalDate valueDate = null;
        try {
            valueDate = Typed.date("valueDate", terms.valueDate());
        } catch (FieldError broken) {
            errors.put(broken.field(), broken.getMessage());
        }
        try {
            return Optional.of(new Details(
                    Typed.text(terms.reference()),
                    Typed.text(terms.correlationId()),
                    valueDate,
                    labels(terms.metadata())));
        } catch (FieldError broken) {
            errors.put(broken.field(), broken.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Reads lines of {@code name=value}.
     *
     * @throws FieldError naming the line that is none
     */
    static Map<String, String> labels(String lines) {
        Map<String, String> labels = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new FieldError("metadata", "line " + number + " must be name=value");
            }
            if (labels.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip())
                    != null) {
                throw new FieldError("metadata", "line " + number + " gives a name a second time");
            }
        }
        return labels;
    }
}
