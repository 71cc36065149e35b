package org.exchequer.reconciliation.edge.statement;

import com.prowidesoftware.swift.model.field.Field60F;
import com.prowidesoftware.swift.model.field.Field61;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link StatementFormat#MT940}, a field at a time. Within a message the opening balance (:60F: or :60M:), the
 * lines and the closing balance (:62F: or :62M:) must agree; a message that goes on (:60M:) begins where the one before
 * ended.
 *
 * <p>The reference of a line is that of :61:'s seventh subfield, or what stands after {@code /EREF/} in its :86:, which
 * has room for a whole end-to-end identification.
 */
final class Mt940Statement {
    private static final Pattern TAG = Pattern.compile(":([0-9]{2}[A-Z]?):(.*)", Pattern.DOTALL);
    private static final Pattern END_TO_END = Pattern.compile("/EREF/(.+?)(?=/[A-Z]{3,4}/|$)", Pattern.DOTALL);
    /** Six lines of 65 characters are the longest a field of this message can be; some banks write more. */
    private static final int MAX_FIELD = 4_096;

    private final StatementLines lines;
    private @Nullable String tag;
    private final StringBuilder value = new StringBuilder();
    private String fieldPlace = "the file";

    private boolean any;
    private boolean named;
    private boolean reading;
    private @Nullable Long opening;
    private @Nullable Long intermediateClosing;
    private @Nullable Field61 pending;
    private String pendingPlace = "";
    private String pendingReference = "";

    Mt940Statement(StatementLines lines) {
        this.lines = lines;
    }

    void read(InputStream in) throws IOException {
        // The character set of SWIFT is a part of ASCII; what banks put into :86: beyond it is not looked at.
        TextLines text = new TextLines(in, StandardCharsets.ISO_8859_1, lines);
        long number = 0;
        for (String row = text.next(); row != null; row = text.next()) {
            number++;
            Matcher begins = TAG.matcher(row);
            if (begins.matches()) {
                endField();
                tag = begins.group(1);
                fieldPlace = "line " + number;
                value.append(begins.group(2));
            } else if (row.equals("-") || row.startsWith("-}") || row.startsWith("{")) {
                endField();
            } else if (tag != null) {
                if (value.length() + row.length() > MAX_FIELD) {
                    throw lines.bad(":" + tag + ":", "must have at most " + MAX_FIELD + " characters");
                }
                value.append('\n').append(row);
            } else if (!row.isBlank()) {
                throw lines.bad("row", "belongs to no field: this is no MT940");
            }
        }
        endField();
        if (!any) {
            throw lines.bad(":60F:", "is missing: this is no MT940");
        }
        if (opening != null) {
            throw lines.bad(":62F:", "is missing: the last message is cut off");
        }
    }

    private void endField() {
        if (tag == null) {
            return;
        }
        String ended = tag;
        String text = value.toString();
        tag = null;
        value.setLength(0);
        lines.at(fieldPlace);
        switch (ended) {
            case "25", "25P" -> account(text.lines().findFirst().orElse("").strip());
            case "60F", "60M" -> opens(ended, text);
            case "61" -> {
                endLine();
                begins(text);
            }
            case "86" -> remittance(text);
            case "62F", "62M" -> closes(ended, text);
            default -> {
                // The other fields say nothing about single movements.
            }
        }
    }

    private void account(String account) {
        if (opening != null) {
            throw lines.bad(":62F:", "is missing before the next statement");
        }
        this.named = true;
        reading = lines.begins(":25:", account);
    }

    private void opens(String field, String text) {
        any = true;
        if (!named) {
            throw lines.bad(":25:", "is missing before the opening balance");
        }
        if (!reading) {
            return;
        }
        long balance = balance(field, text);
        if (field.equals("60M") && intermediateClosing != null && intermediateClosing != balance) {
            throw lines.bad(":60M:", "must be the closing balance of the message before");
        }
        opening = balance;
    }

    private void closes(String field, String text) {
        named = false;
        if (!reading) {
            return;
        }
        endLine();
        lines.at(fieldPlace);
        if (opening == null) {
            throw lines.bad(":60F:", "is missing before the closing balance");
        }
        long balance = balance(field, text);
        lines.balances(":" + field + ":", opening, balance);
        opening = null;
        intermediateClosing = field.equals("62M") ? balance : null;
    }

    private long balance(String field, String text) {
        Field60F balance = new Field60F(text); // all four have the same components
        lines.requireCurrency(":" + field + ":", String.valueOf(balance.getCurrency()));
        long amount = lines.amount(":" + field + ":", String.valueOf(balance.getAmount()));
        return switch (String.valueOf(balance.getDCMark())) {
            case "C" -> amount;
            case "D" -> Math.negateExact(amount);
            default -> throw lines.bad(":" + field + ":", "must begin with C or D");
        };
    }

    private void begins(String text) {
        if (!reading) {
            return;
        }
        if (opening == null) {
            throw lines.bad(":60F:", "is missing before the first line");
        }
        pending = new Field61(text);
        pendingPlace = fieldPlace;
        pendingReference = "";
    }

    private void remittance(String text) {
        Matcher found = END_TO_END.matcher(text.replace("\n", ""));
        if (pending != null && pendingReference.isEmpty() && found.find()) {
            pendingReference = found.group(1).strip();
        }
    }

    /** What follows a :61: may still tell its reference. */
    private void endLine() {
        Field61 line = pending;
        if (line == null) {
            return;
        }
        pending = null;
        lines.at(pendingPlace);
        LocalDate valued = valueDate(line.getValueDate());
        long amount = lines.amount(":61: amount", String.valueOf(line.getAmount()));
        // A reversal of a credit (RC) is a debit.
        long signed = switch (String.valueOf(line.getComponent3())) {
            case "C", "RD" -> amount;
            case "D", "RC" -> -amount;
            default -> throw lines.bad(":61: mark", "must be C, D, RC or RD");
        };
        lines.moved(":61: amount", signed);
        String own = pendingReference.isEmpty() ? text(line.getReferenceForTheAccountOwner()) : pendingReference;
        lines.add(
                bookingDate(line.getEntryDate(), valued),
                valued,
                signed,
                lines.reference(":61: reference", own),
                lines.reference(":61: reference", text(line.getReferenceOfTheAccountServicingInstitution())));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private LocalDate valueDate(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{6}")) {
            throw lines.bad(":61: value date", "must be YYMMDD");
        }
        int year = Integer.parseInt(text.substring(0, 2));
        // As SWIFT's standards read two digits of a year: 80 to 99 belong to the last century.
        return day(":61: value date", year >= 80 ? 1900 + year : 2000 + year, text.substring(2));
    }

    /** The entry date has no year: the one that is nearest to the value date. */
    private LocalDate bookingDate(@Nullable String text, LocalDate valued) {
        if (text == null || text.isEmpty()) {
            return valued;
        }
        if (!text.matches("[0-9]{4}")) {
            throw lines.bad(":61: entry date", "must be MMDD");
        }
        int month = Integer.parseInt(text.substring(0, 2));
        int apart = month - valued.getMonthValue();
        return day(":61: entry date", valued.getYear() + (apart > 6 ? -1 : apart < -6 ? 1 : 0), text);
    }

    private LocalDate day(String field, int year, String monthAndDay) {
        try {
            return LocalDate.of(
                    year, Integer.parseInt(monthAndDay.substring(0, 2)), Integer.parseInt(monthAndDay.substring(2)));
        } catch (DateTimeException noDay) {
            throw lines.bad(field, "is no day of the calendar");
        }
    }
}
