package org.exchequer.iso20022;

/** What is kept of a message, and the name it has in the JSON form. */
enum Field {
    MESSAGE_ID("messageId"),
    CREATED("created"),
    TRANSACTIONS("transactions"),
    SETTLEMENT_METHOD("settlementMethod"),
    PRIORITY("priority"),
    LOCAL_INSTRUMENT("localInstrument"),
    INSTRUCTION_ID("instructionId"),
    END_TO_END_ID("endToEndId"),
    TRANSACTION_ID("transactionId"),
    UETR("uetr"),
    AMOUNT("amount"),
    CURRENCY("currency"),
    SETTLEMENT_DATE("settlementDate"),
    ACCEPTED("accepted"),
    INSTRUCTING_BIC("instructingBic"),
    INSTRUCTED_BIC("instructedBic"),
    DEBTOR_NAME("debtorName"),
    DEBTOR_IBAN("debtorIban"),
    DEBTOR_ACCOUNT("debtorAccount"),
    DEBTOR_AGENT("debtorAgentBic"),
    DEBTOR_RESIDENCE("debtorCountry"),
    DEBTOR_ADDRESS_COUNTRY("debtorAddressCountry"),
    DEBTOR_BIRTH("debtorBirthDate"),
    CREDITOR_NAME("creditorName"),
    CREDITOR_IBAN("creditorIban"),
    CREDITOR_ACCOUNT("creditorAccount"),
    CREDITOR_AGENT("creditorAgentBic"),
    CREDITOR_RESIDENCE("creditorCountry"),
    CREDITOR_ADDRESS_COUNTRY("creditorAddressCountry"),
    CREDITOR_BIRTH("creditorBirthDate"),
    PURPOSE("purpose"),
    REMITTANCE("remittance"),
    ORIGINAL_MESSAGE_ID("originalMessageId"),
    ORIGINAL_MESSAGE_TYPE("originalMessageType"),
    ORIGINAL_INSTRUCTION_ID("originalInstructionId"),
    ORIGINAL_END_TO_END_ID("originalEndToEndId"),
    ORIGINAL_TRANSACTION_ID("originalTransactionId"),
    ORIGINAL_UETR("originalUetr"),
    ORIGINAL_AMOUNT("originalAmount"),
    ORIGINAL_CURRENCY("originalCurrency"),
    REASON("reasonCode"),
    REASON_TEXT("reasonText");

    private final String json;

    Field(String json) {
        this.json = json;
    }

    String json() {
        return json;
    }

    /** Whether several elements of a message make up one value. */
    boolean joined() {
        return this == REMITTANCE || this == REASON_TEXT;
    }
}
