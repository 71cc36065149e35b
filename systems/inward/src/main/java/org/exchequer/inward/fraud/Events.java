package org.exchequer.inward.fraud;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.exchequer.inward.core.Course;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.iso20022.Party;
import org.exchequer.kernel.Money;
import org.exchequer.scoring.features.AccountType;
import org.exchequer.scoring.features.Channel;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Origin;
import org.exchequer.scoring.features.PaymentType;
import org.exchequer.scoring.features.Pseudonyms;
import org.jspecify.annotations.Nullable;

/**
 * A clearing message as features see it: both accounts with their countries, the amount and the kind. What a message
 * does not tell (devices, balances, what the payer's bank has on file) stays unknown, as it was in training.
 */
final class Events {
    private static final int IBAN_COUNTRY = 2;
    private static final int BIC_COUNTRY_AT = 4;
    private static final int BIC_COUNTRY_END = 6;
    private static final long MILLION = 1_000_000;

    /**
     * Where customers of a country live in time, in minutes east of UTC; of others it is not known, and taken
     * for 0.
     */
    private static final Map<String, Integer> OFFSETS = Map.of(
            "SG", 480, "MY", 480, "HK", 480, "CN", 480, "JP", 540, "DE", 60, "FR", 60, "NL", 60, "CH", 60, "AU", 600);

    /**
     * Minor units of the base currency (two decimals) for a million minor units, about as in 2025. For comparing
     * amounts across currencies, never for money. The base is the one that the models were trained in.
     */
    private static final Map<String, Long> RATES = Map.of(
            "EUR", 1_000_000L,
            "SGD", 680_000L,
            "USD", 900_000L,
            "GBP", 1_170_000L,
            "CHF", 1_050_000L,
            "AUD", 590_000L,
            "JPY", 610_000L,
            "HKD", 115_000L);

    private Events() {}

    /**
     * Empty for what is not scored: a message that moves no new money, an amount larger than any payment, or one
     * account on both sides without a number.
     *
     * @param id names it in logs of the features; any number
     */
    static Optional<Event> of(long id, Instruction instruction, Instant receivedAt, Pseudonyms pseudonyms) {
        Money amount = instruction.amount();
        if (amount == null || !Course.movesNewMoney(instruction.type())) {
            return Optional.empty();
        }
        String currency = amount.currency().code();
        long base = BigInteger.valueOf(amount.minorUnits())
                .multiply(BigInteger.valueOf(RATES.getOrDefault(currency, MILLION)))
                .divide(BigInteger.valueOf(MILLION))
                .max(BigInteger.ONE)
                .min(BigInteger.valueOf(Event.MOST_MINOR))
                .longValue();
        long debtor = pseudonyms.of(account(instruction.debtor()));
        long creditor = pseudonyms.of(account(instruction.creditor()));
        if (debtor == 0 || creditor == 0 || amount.minorUnits() < 1 || amount.minorUnits() > Event.MOST_MINOR) {
            return Optional.empty();
        }
        boolean collected = instruction.type() == MessageType.PACS_003;
        String debtorBic = payerBic(instruction);
        String creditorBic = payeeBic(instruction);
        return Optional.of(of(
                id,
                receivedAt.toEpochMilli(),
                party(debtor, country(instruction.debtor(), debtorBic)),
                party(creditor, country(instruction.creditor(), creditorBic)),
                amount.minorUnits(),
                currency,
                base,
                collected ? PaymentType.DIRECT_DEBIT : PaymentType.CREDIT_TRANSFER));
    }

    /** The same from what is stored of it. */
    static Event of(
            long id,
            long timeMillis,
            org.exchequer.scoring.features.Party debtor,
            org.exchequer.scoring.features.Party creditor,
            long amountMinor,
            String currency,
            long baseMinor,
            PaymentType kind) {
        return new Event(
                id,
                timeMillis,
                debtor,
                creditor,
                amountMinor,
                currency,
                baseMinor,
                kind,
                0,
                Event.UNKNOWN_BALANCE,
                Origin.of(Channel.INTERFACE));
    }

    /** Of a direct debit the payer's bank is the one that is instructed. */
    static @Nullable String payerBic(Instruction instruction) {
        return instruction.type() == MessageType.PACS_003 ? instruction.instructedBic() : instruction.instructingBic();
    }

    static @Nullable String payeeBic(Instruction instruction) {
        return instruction.type() == MessageType.PACS_003 ? instruction.instructingBic() : instruction.instructedBic();
    }

    static org.exchequer.scoring.features.Party party(long account, String country) {
        return new org.exchequer.scoring.features.Party(
                account,
                org.exchequer.scoring.features.Party.UNKNOWN,
                AccountType.PERSONAL,
                org.exchequer.scoring.features.Party.UNKNOWN_DAY,
                -1,
                country,
                OFFSETS.getOrDefault(country, 0),
                0);
    }

    static String account(@Nullable Party party) {
        return party == null || party.account() == null ? "" : party.account().id();
    }

    /** Of the account, where its number says so; else of residence, else of the bank. */
    private static String country(@Nullable Party party, @Nullable String bic) {
        if (party != null && party.account() != null && party.account().iban()) {
            return party.account().id().substring(0, IBAN_COUNTRY);
        }
        if (party != null && party.country() != null && party.country().matches("[A-Za-z]{2}")) {
            return party.country().toUpperCase(Locale.ROOT);
        }
        return bic == null ? "" : bic.substring(BIC_COUNTRY_AT, BIC_COUNTRY_END);
    }
}
