package org.exchequer.inward.api;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the codes mean that refusals are answered with, in our words. Codes are of the ISO 20022 external status
 * reasons, and of camt.029 of the external payment cancellation rejections.
 */
public final class Reasons {
    /** In order of code. */
    public static final Map<String, String> MEANINGS = meanings();

    private Reasons() {}

    private static Map<String, String> meanings() {
        Map<String, String> all = new TreeMap<>();
        for (String line : LIST.strip().split("\n", -1)) {
            all.put(line.substring(0, 4), line.substring(5).strip());
        }
        return java.util.Collections.unmodifiableMap(all);
    }

    /** What a code means; empty for one that no refusal has. */
    public static Optional<String> meaning(String code) {
        return Optional.ofNullable(MEANINGS.get(code));
    }

    private static final String LIST = """
            AB05 stopped: it took too long at the bank that was to carry it out
            AB06 stopped: it was too old when it came
            AC01 account number wrong or missing
            AC02 debtor's account wrong, missing or unknown
            AC03 creditor's account wrong, missing or unknown
            AC05 debtor's account closed
            AC06 account blocked
            AC07 creditor's account closed
            AC09 account's currency wrong or missing
            AC10 debtor's account is kept in another currency
            AC11 creditor's account is kept in another currency
            AG07 debtor's account may not be debited
            AG09 the payment that it is about was never received, or not carried out
            AG10 sending bank is suspended
            AGNT bank not known in this scheme
            AM01 amount is zero
            AM02 amount above what is allowed
            AM03 currency not taken here
            AM04 account does not cover the amount
            AM05 duplicate: its ids or its reference belong to another message
            AM06 amount below what is allowed
            AM09 amount or currency other than what it is about
            AM10 sums do not agree
            AM11 currency wrong or missing
            AM12 amount wrong or missing
            AM18 number of transactions wrong or missing
            AM23 amount above what the paying bank can settle
            ARDT payment was rejected before: its sender has the money
            BE06 customer not known
            BE08 debtor's name missing
            BE09 country wrong or missing
            BE19 charge bearer wrong or missing
            BE22 creditor's name missing
            CH16 content wrong
            CH17 element not allowed
            CH20 more decimals than the currency has
            CH21 mandatory element missing
            DS02 called back by its sender
            DT01 date wrong or missing
            DT02 time of creation wrong or missing
            FF01 form of the message wrong or incomplete
            FF03 type of payment wrong or missing
            FF05 local instrument wrong or missing
            FF06 category of purpose wrong or missing
            FF07 purpose wrong or missing
            FF08 end-to-end id wrong or missing
            FR01 suspected fraud
            NOOR payment that is to be cancelled was never received
            RC01 bank's identifier wrong or missing
            RC03 debtor's bank wrong or missing
            RC04 creditor's bank wrong or missing
            RC08 clearing system's member wrong or missing
            RQDA payment was carried out before: its creditor has the money
            RR04 regulation forbids it: a party is on a sanctions list
            RR07 remittance information wrong or missing
            """;
}
