package org.exchequer.iso20022;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.exchequer.iso20022.Instruction.Priority;
import org.exchequer.iso20022.Instruction.SettlementMethod;
import org.exchequer.iso20022.Reading.Known;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/** A message while it is read: the texts of its fields, where they stood, and what was found wrong with it. */
final class Draft {
    /** One message's worth; whoever sends more broken rules than these learns of the first. */
    static final int MAX_FINDINGS = 32;

    private final MessageType type;
    private final String version;
    private final Map<Field, String> values = new EnumMap<>(Field.class);
    private final Map<Field, String> paths = new EnumMap<>(Field.class);
    private final List<Finding> findings = new ArrayList<>(0);
    private int transactions;

    Draft(MessageType type, String version) {
        this.type = type;
        this.version = version;
    }

    void find(String code, String path, String text) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(new Finding(code, path, text));
        }
    }

    /** Keeps a value of the right form: the first one of its kind, or all, where lines make up one text. */
    void keep(Field field, String path, String value) {
        String before = values.get(field);
        if (before == null) {
            values.put(field, value);
            paths.put(field, path);
        } else if (field.joined()) {
            values.put(field, before + " " + value);
        }
    }

    void transaction() {
        transactions++;
    }

    private @Nullable String get(Field field) {
        return values.get(field);
    }

    private String path(Field field) {
        String path = paths.get(field);
        return path == null ? "/" + field.json() : path;
    }

    /** What came of it, after the last element. {@code where} is the path of the transaction. */
    Reading finish(String where) {
        count(where);
        Money amount = amount(Field.AMOUNT, Field.CURRENCY);
        Money originalAmount = amount(Field.ORIGINAL_AMOUNT, Field.ORIGINAL_CURRENCY);
        if (amount != null && amount.minorUnits() == 0) {
            find("AM01", path(Field.AMOUNT), "must be greater than zero");
        }
        bic(Field.INSTRUCTING_BIC);
        bic(Field.INSTRUCTED_BIC);
        Original original = original(originalAmount);
        if (original != null && nothingNamed(original)) {
            find("CH21", where, "must name the original instruction, end-to-end or transaction id, or its UETR");
        }
        boolean parties = type == MessageType.PACS_008 || type == MessageType.PACS_003;
        Party debtor = parties
                ? party(
                        Field.DEBTOR_NAME,
                        Field.DEBTOR_IBAN,
                        Field.DEBTOR_ACCOUNT,
                        Field.DEBTOR_AGENT,
                        Field.DEBTOR_RESIDENCE,
                        Field.DEBTOR_ADDRESS_COUNTRY,
                        Field.DEBTOR_BIRTH)
                : null;
        Party creditor = parties
                ? party(
                        Field.CREDITOR_NAME,
                        Field.CREDITOR_IBAN,
                        Field.CREDITOR_ACCOUNT,
                        Field.CREDITOR_AGENT,
                        Field.CREDITOR_RESIDENCE,
                        Field.CREDITOR_ADDRESS_COUNTRY,
                        Field.CREDITOR_BIRTH)
                : null;
        String messageId = get(Field.MESSAGE_ID);
        OffsetDateTime created = time(Field.CREATED);
        if (!findings.isEmpty() || messageId == null || created == null) {
            return new Reading.Invalid(known(), List.copyOf(findings));
        }
        return new Reading.Read(instruction(messageId, created, amount, debtor, creditor, original));
    }

    private Instruction instruction(
            String messageId,
            OffsetDateTime created,
            @Nullable Money amount,
            @Nullable Party debtor,
            @Nullable Party creditor,
            @Nullable Original original) {
        String method = get(Field.SETTLEMENT_METHOD);
        return new Instruction(
                type,
                version,
                messageId,
                created,
                1,
                get(Field.INSTRUCTION_ID),
                get(Field.END_TO_END_ID),
                get(Field.TRANSACTION_ID),
                get(Field.UETR),
                amount,
                date(Field.SETTLEMENT_DATE),
                time(Field.ACCEPTED),
                method == null ? null : SettlementMethod.valueOf(method),
                get(Field.LOCAL_INSTRUMENT),
                priority(),
                get(Field.INSTRUCTING_BIC),
                get(Field.INSTRUCTED_BIC),
                debtor,
                creditor,
                get(Field.PURPOSE),
                get(Field.REMITTANCE),
                original);
    }

    private Known known() {
        return new Known(
                type,
                version,
                get(Field.MESSAGE_ID),
                get(Field.INSTRUCTION_ID),
                get(Field.END_TO_END_ID),
                get(Field.TRANSACTION_ID),
                get(Field.UETR),
                get(Field.INSTRUCTING_BIC),
                get(Field.INSTRUCTED_BIC));
    }

    private void count(String where) {
        if (transactions != 1) {
            find("AM18", where, "must be there exactly once: one message carries one transaction");
        }
        String said = get(Field.TRANSACTIONS);
        if (said != null && !isOne(said)) {
            find("AM18", path(Field.TRANSACTIONS), "must be 1: one message carries one transaction");
        }
    }

    private static boolean isOne(String digits) {
        return Long.parseLong(digits) == 1;
    }

    private @Nullable Money amount(Field amount, Field currencyOf) {
        String value = get(amount);
        String code = get(currencyOf);
        if (value == null || code == null) {
            return null;
        }
        Currency currency = Codes.active(code);
        if (currency == null) {
            find("AM11", path(currencyOf), "must be a currency of ISO 4217 that is in use");
            return null;
        }
        if (Decimal.decimals(value) > currency.scale()) {
            find("CH20", path(amount), currency + " has " + currency.scale() + " decimals");
            return null;
        }
        Money money = Decimal.money(value, currency);
        if (money == null) {
            find(
                    "AM12",
                    path(amount),
                    "exceeds the largest amount, " + Money.max(currency).toDecimal());
        }
        return money;
    }

    private void bic(Field field) {
        String bic = get(field);
        if (bic != null && !Codes.bic(bic)) {
            find("RC01", path(field), "names a country that does not exist");
        }
    }

    private Party party(
            Field name, Field iban, Field account, Field agent, Field residence, Field address, Field birth) {
        bic(agent);
        String number = get(iban);
        if (number != null && !Codes.iban(number)) {
            find("AC01", path(iban), "has wrong check digits or not the form of its country's IBANs");
        }
        Field from = get(residence) == null ? address : residence;
        String country = get(from);
        if (country != null && !Codes.country(country)) {
            find("BE09", path(from), "must be a country of ISO 3166");
        }
        String other = get(account);
        Account named = number != null ? new Account(number, true) : other != null ? new Account(other, false) : null;
        return new Party(get(name), named, get(agent), country, date(birth));
    }

    private @Nullable Original original(@Nullable Money amount) {
        if (type == MessageType.PACS_008 || type == MessageType.PACS_003) {
            return null;
        }
        return new Original(
                get(Field.ORIGINAL_MESSAGE_ID),
                get(Field.ORIGINAL_MESSAGE_TYPE),
                get(Field.ORIGINAL_INSTRUCTION_ID),
                get(Field.ORIGINAL_END_TO_END_ID),
                get(Field.ORIGINAL_TRANSACTION_ID),
                get(Field.ORIGINAL_UETR),
                amount,
                get(Field.REASON),
                get(Field.REASON_TEXT));
    }

    private static boolean nothingNamed(Original original) {
        return original.instructionId() == null
                && original.endToEndId() == null
                && original.transactionId() == null
                && original.uetr() == null;
    }

    private @Nullable Priority priority() {
        String said = get(Field.PRIORITY);
        return switch (said) {
            case null -> null;
            case "HIGH", "URGT" -> Priority.HIGH;
            case "LOW" -> Priority.LOW;
            default -> Priority.NORMAL;
        };
    }

    private @Nullable LocalDate date(Field field) {
        String value = get(field);
        return value == null ? null : Times.date(value);
    }

    private @Nullable OffsetDateTime time(Field field) {
        String value = get(field);
        return value == null ? null : Times.dateTime(value);
    }
}
