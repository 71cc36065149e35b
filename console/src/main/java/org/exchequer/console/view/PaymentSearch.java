package org.exchequer.console.view;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.exchequer.inward.api.PaymentFilter;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Status;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * The search for payments, as typed: field → what is in it, in the order of the form; empty fields are left out.
 *
 * @param fields by their names, which are parameters of the address
 */
public record PaymentSearch(Map<String, String> fields) {
    private static final List<String> NAMES = List.of(
            "reference",
            "account",
            "bic",
            "type",
            "status",
            "state",
            "currency",
            "least",
            "most",
            "from",
            "until",
            "compliant",
            "reason",
            "fallback",
            "riskLevel",
            "stage",
            "reviewer",
            "door",
            "node");

    private static final int LONGEST = 70;
    private static final int LONGEST_REVIEWER = 100;

    /**
     * What is asked for.
     *
     * @param filter null when a field is wrong
     * @param errors field → rule that it breaks
     */
    public record Parsed(@Nullable PaymentFilter filter, Map<String, String> errors) {}

    /** Takes the fields by name; too long values are cut to a length that no right one has. */
    public static PaymentSearch read(Map<String, String> sent) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : NAMES) {
            String value = sent.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                int most = name.equals("reviewer") ? LONGEST_REVIEWER : LONGEST;
                fields.put(name, value.length() <= most ? value : value.substring(0, most));
            }
        }
        return new PaymentSearch(fields);
    }

    /** What is in a field, or nothing. */
    public String of(String field) {
        return fields.getOrDefault(field, "");
    }

    public Parsed parse() {
        Map<String, String> errors = new LinkedHashMap<>();
        Currency currency = read("currency", "must be a code of ISO 4217 such as SGD", errors, Currency::of);
        PaymentFilter filter = new PaymentFilter(
                read("status", "choose one from the list", errors, Status::valueOf),
                read("state", "choose one from the list", errors, State::valueOf),
                read(
                        "type",
                        "choose one from the list",
                        errors,
                        text -> MessageType.valueOf(text).name()),
                fields.get("account"),
                fields.get("bic"),
                fields.get("reference"),
                currency == null ? null : currency.code(),
                amount("least", currency, errors),
                amount("most", currency, errors),
                time("from", errors),
                time("until", errors),
                read("compliant", "choose one from the list", errors, PaymentSearch::flag),
                fields.get("reason"),
                fields.get("node"),
                fields.get("door"),
                read("fallback", "choose one from the list", errors, Stage::valueOf),
                read("riskLevel", "choose one from the list", errors, PaymentSearch::risk),
                read("stage", "choose one from the list", errors, Stage::valueOf),
                fields.get("reviewer"));
        if (filter.from() != null && filter.until() != null && !filter.from().isBefore(filter.until())) {
            errors.put("until", "must be after from");
        }
        return new Parsed(errors.isEmpty() ? filter : null, errors);
    }

    private static Boolean flag(String text) {
        return switch (text) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static String risk(String text) {
        if (!PaymentFilter.RISK_LEVELS.contains(text)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private @Nullable Long amount(String field, @Nullable Currency currency, Map<String, String> errors) {
        if (fields.containsKey(field) && currency == null) {
            errors.put(field, "needs a currency");
            return null;
        }
        return currency == null
                ? null
                : read(
                        field,
                        "must be an amount such as 1250.00",
                        errors,
                        text -> Money.parse(text, currency).minorUnits());
    }

    private @Nullable Instant time(String field, Map<String, String> errors) {
        return read(field, "must be a time such as 2026-03-31T10:00, of the years 1900 to 2999", errors, text -> {
            Instant time = instant(text);
            int year = time.atOffset(ZoneOffset.UTC).getYear();
            if (year < 1900 || year > 2999) {
                throw new DateTimeException("no year that can be searched in");
            }
            return time;
        });
    }

    private static Instant instant(String text) {
        if (text.endsWith("Z")) {
            return Instant.parse(text);
        }
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    private <T> @Nullable T read(String field, String rule, Map<String, String> errors, Function<String, T> reader) {
        String text = fields.get(field);
        if (text == null) {
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException wrong) {
            errors.put(field, rule);
            return null;
        }
    }
}
