package org.exchequer.iso20022;

import static org.exchequer.iso20022.Field.*;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in a message each field stands: the paths below the message's own element. */
final class Slots {
    private final Map<String, Field> byPath = new HashMap<>();
    private final String transaction;

    private Slots(String transaction) {
        this.transaction = transaction;
    }

    @Nullable
    Field at(String path) {
        return byPath.get(path);
    }

    /** Whether the element at this path is one transaction. */
    boolean counted(String path) {
        return path.equals(transaction);
    }

    static Slots of(MessageType type) {
        return switch (type) {
            case PACS_008 -> new Slots("CdtTrfTxInf").header().payment("CdtTrfTxInf/");
            case PACS_003 -> new Slots("DrctDbtTxInf").header().payment("DrctDbtTxInf/");
            case PACS_007 ->
                new Slots("TxInf")
                        .header()
                        .original("OrgnlGrpInf/", "TxInf/", "RvslRsnInf")
                        .agents("TxInf/")
                        .put("TxInf/RvslId", INSTRUCTION_ID)
                        .put("TxInf/RvsdIntrBkSttlmAmt", AMOUNT)
                        .put("TxInf/IntrBkSttlmDt", SETTLEMENT_DATE)
                        .put("TxInf/SttlmPrty", PRIORITY);
            case CAMT_056 ->
                new Slots("Undrlyg/TxInf")
                        .put("Assgnmt/Id", MESSAGE_ID)
                        .put("Assgnmt/CreDtTm", CREATED)
                        .agent("Assgnmt/Assgnr/Agt", INSTRUCTING_BIC)
                        .agent("Assgnmt/Assgne/Agt", INSTRUCTED_BIC)
                        .put("CtrlData/NbOfTxs", TRANSACTIONS)
                        .put("Undrlyg/TxInf/CxlId", INSTRUCTION_ID)
                        .original("Undrlyg/OrgnlGrpInfAndCxl/", "Undrlyg/TxInf/", "CxlRsnInf");
        };
    }

    private Slots put(String path, Field field) {
        byPath.put(path, field);
        return this;
    }

    private Slots agent(String path, Field field) {
        return put(path + "/FinInstnId/BICFI", field).put(path + "/FinInstnId/BIC", field);
    }

    private Slots agents(String at) {
        return agent(at + "InstgAgt", INSTRUCTING_BIC).agent(at + "InstdAgt", INSTRUCTED_BIC);
    }

    private Slots either(String path, Field field) {
        return put(path + "/Cd", field).put(path + "/Prtry", field);
    }

    private Slots header() {
        return put("GrpHdr/MsgId", MESSAGE_ID)
                .put("GrpHdr/CreDtTm", CREATED)
                .put("GrpHdr/NbOfTxs", TRANSACTIONS)
                .put("GrpHdr/IntrBkSttlmDt", SETTLEMENT_DATE)
                .put("GrpHdr/SttlmInf/SttlmMtd", SETTLEMENT_METHOD)
                .kind("GrpHdr/")
                .agents("GrpHdr/");
    }

    private Slots kind(String at) {
        return put(at + "PmtTpInf/InstrPrty", PRIORITY).either(at + "PmtTpInf/LclInstrm", LOCAL_INSTRUMENT);
    }

    private Slots payment(String at) {
        return kind(at).agents(at)
                .put(at + "PmtId/InstrId", INSTRUCTION_ID)
                .put(at + "PmtId/EndToEndId", END_TO_END_ID)
                .put(at + "PmtId/TxId", TRANSACTION_ID)
                .put(at + "PmtId/UETR", UETR)
                .put(at + "IntrBkSttlmAmt", AMOUNT)
                .put(at + "IntrBkSttlmDt", SETTLEMENT_DATE)
                .put(at + "SttlmPrty", PRIORITY)
                .put(at + "AccptncDtTm", ACCEPTED)
                .put(at + "Dbtr/Nm", DEBTOR_NAME)
                .put(at + "Dbtr/CtryOfRes", DEBTOR_RESIDENCE)
                .put(at + "Dbtr/PstlAdr/Ctry", DEBTOR_ADDRESS_COUNTRY)
                .put(at + "Dbtr/Id/PrvtId/DtAndPlcOfBirth/BirthDt", DEBTOR_BIRTH)
                .put(at + "DbtrAcct/Id/IBAN", DEBTOR_IBAN)
                .put(at + "DbtrAcct/Id/Othr/Id", DEBTOR_ACCOUNT)
                .agent(at + "DbtrAgt", DEBTOR_AGENT)
                .put(at + "Cdtr/Nm", CREDITOR_NAME)
                .put(at + "Cdtr/CtryOfRes", CREDITOR_RESIDENCE)
                .put(at + "Cdtr/PstlAdr/Ctry", CREDITOR_ADDRESS_COUNTRY)
                .put(at + "Cdtr/Id/PrvtId/DtAndPlcOfBirth/BirthDt", CREDITOR_BIRTH)
                .put(at + "CdtrAcct/Id/IBAN", CREDITOR_IBAN)
                .put(at + "CdtrAcct/Id/Othr/Id", CREDITOR_ACCOUNT)
                .agent(at + "CdtrAgt", CREDITOR_AGENT)
                .either(at + "Purp", PURPOSE)
                .put(at + "RmtInf/Ustrd", REMITTANCE);
    }

    private Slots original(String group, String at, String reason) {
        return put(group + "OrgnlMsgId", ORIGINAL_MESSAGE_ID)
                .put(group + "OrgnlMsgNmId", ORIGINAL_MESSAGE_TYPE)
                .put(at + "OrgnlGrpInf/OrgnlMsgId", ORIGINAL_MESSAGE_ID)
                .put(at + "OrgnlGrpInf/OrgnlMsgNmId", ORIGINAL_MESSAGE_TYPE)
                .put(at + "OrgnlInstrId", ORIGINAL_INSTRUCTION_ID)
                .put(at + "OrgnlEndToEndId", ORIGINAL_END_TO_END_ID)
                .put(at + "OrgnlTxId", ORIGINAL_TRANSACTION_ID)
                .put(at + "OrgnlUETR", ORIGINAL_UETR)
                .put(at + "OrgnlIntrBkSttlmAmt", ORIGINAL_AMOUNT)
                .either(group + reason + "/Rsn", REASON)
                .put(group + reason + "/AddtlInf", REASON_TEXT)
                .either(at + reason + "/Rsn", REASON)
                .put(at + reason + "/AddtlInf", REASON_TEXT);
    }
}
