package org.exchequer.reconciliation.edge.statement;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.BadStatementException;
import org.exchequer.reconciliation.api.Line;
import org.jspecify.annotations.Nullable;

/**
 * What the readers of all formats fill: checks amounts, currencies, dates and balances in one place, and names the
 * lines.
 *
 * <p>A line's id is made of what it says, {@code 2026-03-10/-1250/INV-7/BANK-REF} (booking date, minor units,
 * reference,
 * the other side's reference), and {@code #2}, {@code #3} for the second and third that say the same: so that a line
 * has
 * the same id in every file that contains it.
 */
final class StatementLines {
    /** As long as any reference of the formats and of the ledger. */
    static final int MAX_REFERENCE = 140;

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}([.,][0-9]{0,18})?");
    /** What the formats write where there is no reference. */
    private static final Set<String> NO_REFERENCE = Set.of("NOTPROVIDED", "NONREF", "NOTAVAILABLE", "NOT PROVIDED");

    private final Currency currency;
    private final String wanted;
    private final int maxLines;
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<LocalDate, LocalDate> dates = new HashMap<>();
    private @Nullable LocalDate from;
    private @Nullable LocalDate to;
    private @Nullable String account;
    private @Nullable Money opening;
    private @Nullable Money closing;
    private int balancesChecked;
    private int passedOver;
    private long sum;
    private String place = "the file";

    StatementLines(Currency currency, String wanted, int maxLines) {
        if (maxLines < 1 || maxLines > StatementFormat.MAX_LINES) {
            throw new IllegalArgumentException("maxLines: must be 1 to " + StatementFormat.MAX_LINES);
        }
        this.currency = currency;
        this.wanted = wanted;
        this.maxLines = maxLines;
    }

    /** Where the reader is, for errors: {@code line 12}, {@code entry 3}. */
    void at(String newPlace) {
        this.place = newPlace;
    }

    BadStatementException bad(String field, String rule) {
        return new BadStatementException(place, field, rule);
    }

    /** Whether the statement that begins is of the account that is read. */
    boolean begins(String field, String named) {
        if (!wanted.isEmpty() && !wanted.equals(named)) {
            return false;
        }
        if (account != null && !account.equals(named)) {
            throw bad(field, "is " + named + " after " + account + ": name the one to read");
        }
        account = named;
        sum = 0;
        return true;
    }

    /** An amount without sign, of the statement's currency. */
    long amount(String field, String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw bad(field, "must be a decimal number without sign, such as 10.50");
        }
        String plain = text.replace(',', '.');
        BigDecimal value = new BigDecimal(plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain);
        try {
            return value.movePointRight(currency.scale()).longValueExact();
        } catch (ArithmeticException inexact) {
            throw bad(field, "must fit " + currency + ": at most " + currency.scale() + " decimals and 63 bits");
        }
    }

    String currency() {
        return currency.code();
    }

    void requireCurrency(String field, String code) {
        if (!code.equals(currency.code())) {
            throw bad(field, "must be " + currency.code() + " like the account, is " + code);
        }
    }

    /** A date, or the date of a date and time. */
    LocalDate date(String field, String text) {
        try {
            LocalDate date =
                    LocalDate.parse(text.length() > 10 && text.charAt(10) == 'T' ? text.substring(0, 10) : text);
            if (date.getYear() < 1900 || date.getYear() > 2999) {
                throw bad(field, "must lie in the years 1900 to 2999");
            }
            return date;
        } catch (DateTimeException noDay) {
            throw bad(field, "must be a day such as 2026-03-31");
        }
    }

    /** A reference as lines are matched by it: without blanks around, empty for the words that say there is none. */
    String reference(String field, String text) {
        String reference = text.strip();
        if (reference.length() > MAX_REFERENCE) {
            throw bad(field, "must have at most " + MAX_REFERENCE + " characters");
        }
        return NO_REFERENCE.contains(reference) ? "" : reference;
    }

    /** @param theirs the other side's own name of the line, or empty */
    void add(LocalDate booked, LocalDate valued, long amount, String reference, String theirs) {
        if (lines.size() == maxLines) {
            throw bad("statement", "must have at most " + maxLines + " lines");
        }
        String content = booked + "/" + amount + "/" + reference
                + (theirs.isEmpty() || theirs.equals(reference) ? "" : "/" + theirs);
        int times = seen.merge(content, 1, Integer::sum);
        // A million lines share some thirty dates.
        LocalDate date = dates.computeIfAbsent(valued, same -> same);
        lines.add(new Line(times == 1 ? content : content + "#" + times, date, amount, reference));
        from = from == null || booked.isBefore(from) ? booked : from;
        to = to == null || booked.isAfter(to) ? booked : to;
    }

    /** What the balance moves by, as the entries say; their details may make lines of it. */
    void moved(String field, long amount) {
        try {
            sum = Math.addExact(sum, amount);
        } catch (ArithmeticException tooLarge) {
            throw bad(field, "takes the sum of the entries beyond 64 bits");
        }
    }

    void passOver() {
        passedOver++;
    }

    /** The stated balances of what was read since {@link #begins}. */
    void balances(String field, @Nullable Long open, @Nullable Long close) {
        if (open != null && opening == null) {
            opening = new Money(open, currency);
        }
        if (close != null) {
            closing = new Money(close, currency);
        }
        if (open != null && close != null) {
            requireClosing(field, open, close);
            balancesChecked++;
        }
        sum = 0;
    }

    private void requireClosing(String field, long open, long close) {
        long expected;
        try {
            expected = Math.addExact(open, sum);
        } catch (ArithmeticException tooLarge) {
            throw bad(field, "and the entries exceed 64 bits together");
        }
        if (expected != close) {
            throw bad(
                    field,
                    "is " + new Money(close, currency).toDecimal() + ", but the opening balance and the entries make "
                            + new Money(expected, currency).toDecimal());
        }
    }

    Statement statement() {
        if (!wanted.isEmpty() && account == null) {
            throw bad("account", wanted + " does not occur");
        }
        return new Statement(
                account == null ? "" : account,
                List.copyOf(lines),
                Optional.ofNullable(from),
                Optional.ofNullable(to),
                Optional.ofNullable(opening),
                Optional.ofNullable(closing),
                balancesChecked,
                passedOver);
    }
}
