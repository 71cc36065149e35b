package org.exchequer.app.cli.inward.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Money;
import tools.jackson.databind.json.JsonMapper;

/** Writes messages as banks send them. */
final class Forms {
    private Forms() {}

    /** A party with its account and bank. */
    record Side(String name, String account, String bic) {}

    /**
     * What a message says.
     *
     * @param created when, by itself
     * @param day that it settles on
     * @param uetr empty for none
     */
    record Content(
            String messageId,
            String endToEndId,
            String transactionId,
            String uetr,
            Instant created,
            LocalDate day,
            String from,
            String to,
            Money amount,
            Side debtor,
            Side creditor) {}

    static byte[] transfer(Content content) {
        return document(
                "pacs.008.001.08",
                "FIToFICstmrCdtTrf",
                header(content) + "<CdtTrfTxInf>" + ids(content) + amount("IntrBkSttlmAmt", content.amount())
                        + "<AccptncDtTm>" + time(content.created()) + "</AccptncDtTm><ChrgBr>SLEV</ChrgBr>"
                        + party("Dbtr", content.debtor())
                        + agent("DbtrAgt", content.debtor().bic())
                        + agent("CdtrAgt", content.creditor().bic()) + party("Cdtr", content.creditor())
                        + "<RmtInf><Ustrd>invoice " + content.transactionId() + "</Ustrd></RmtInf></CdtTrfTxInf>");
    }

    static byte[] debit(Content content) {
        return document(
                "pacs.003.001.08",
                "FIToFICstmrDrctDbt",
                header(content) + "<DrctDbtTxInf>" + ids(content) + amount("IntrBkSttlmAmt", content.amount())
                        + "<ChrgBr>SLEV</ChrgBr>" + party("Cdtr", content.creditor())
                        + agent("CdtrAgt", content.creditor().bic()) + party("Dbtr", content.debtor())
                        + agent("DbtrAgt", content.debtor().bic()) + "</DrctDbtTxInf>");
    }

    /** @param original the payment that is to be reversed */
    static byte[] reversal(Content content, Sent.Message original) {
        return document(
                "pacs.007.001.10",
                "FIToFIPmtRvsl",
                header(content) + "<TxInf><RvslId>" + content.transactionId() + "</RvslId>" + original(original)
                        + amount("RvsdIntrBkSttlmAmt", content.amount())
                        + "<RvslRsnInf><Rsn><Cd>AM05</Cd></Rsn></RvslRsnInf></TxInf>");
    }

    /** @param original the payment that is to be cancelled */
    static byte[] cancellation(Content content, Sent.Message original) {
        return document(
                "camt.056.001.08",
                "FIToFIPmtCxlReq",
                "<Assgnmt><Id>" + content.messageId() + "</Id><Assgnr>" + agent("Agt", content.from())
                        + "</Assgnr><Assgne>" + agent("Agt", content.to()) + "</Assgne><CreDtTm>"
                        + time(content.created()) + "</CreDtTm></Assgnmt><Undrlyg><TxInf><CxlId>"
                        + content.transactionId() + "</CxlId>" + original(original)
                        + "<CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn></CxlRsnInf></TxInf></Undrlyg>");
    }

    /** A transfer in the JSON form. */
    static byte[] json(Content content) {
        Map<String, String> members = new TreeMap<>();
        members.put("messageType", "PACS_008");
        members.put("messageId", content.messageId());
        members.put("created", time(content.created()));
        members.put("settlementMethod", "CLRG");
        members.put("settlementDate", content.day().toString());
        members.put("instructingBic", content.from());
        members.put("instructedBic", content.to());
        members.put("endToEndId", content.endToEndId());
        members.put("transactionId", content.transactionId());
        members.put("uetr", content.uetr());
        members.put("amount", content.amount().toDecimal());
        members.put("currency", content.amount().currency().code());
        members.put("debtorName", content.debtor().name());
        members.put("debtorAccount", content.debtor().account());
        members.put("creditorName", content.creditor().name());
        members.put("creditorAccount", content.creditor().account());
        return JsonMapper.shared().writeValueAsBytes(members);
    }

    private static byte[] document(String definition, String element, String content) {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"" + MessageType.NAMESPACE + definition
                        + "\"><" + element + ">" + content + "</" + element + "></Document>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String header(Content content) {
        return "<GrpHdr><MsgId>" + content.messageId() + "</MsgId><CreDtTm>" + time(content.created())
                + "</CreDtTm><NbOfTxs>1</NbOfTxs><IntrBkSttlmDt>" + content.day()
                + "</IntrBkSttlmDt><SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>" + agent("InstgAgt", content.from())
                + agent("InstdAgt", content.to()) + "</GrpHdr>";
    }

    private static String ids(Content content) {
        return "<PmtId><InstrId>" + content.transactionId() + "</InstrId><EndToEndId>" + content.endToEndId()
                + "</EndToEndId><TxId>" + content.transactionId() + "</TxId>"
                + (content.uetr().isEmpty() ? "" : "<UETR>" + content.uetr() + "</UETR>") + "</PmtId>";
    }

    private static String original(Sent.Message original) {
        return "<OrgnlGrpInf><OrgnlMsgId>" + original.messageId()
                + "</OrgnlMsgId><OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId></OrgnlGrpInf><OrgnlEndToEndId>"
                + original.endToEndId() + "</OrgnlEndToEndId><OrgnlUETR>" + original.uetr() + "</OrgnlUETR>";
    }

    private static String party(String role, Side side) {
        return "<" + role + "><Nm>" + escaped(side.name()) + "</Nm></" + role + "><" + role + "Acct><Id><Othr><Id>"
                + side.account() + "</Id></Othr></Id></" + role + "Acct>";
    }

    private static String agent(String element, String bic) {
        return "<" + element + "><FinInstnId><BICFI>" + bic + "</BICFI></FinInstnId></" + element + ">";
    }

    private static String amount(String element, Money amount) {
        return "<" + element + " Ccy=\"" + amount.currency().code() + "\">" + amount.toDecimal() + "</" + element + ">";
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
