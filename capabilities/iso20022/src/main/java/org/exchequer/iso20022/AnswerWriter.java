package org.exchequer.iso20022;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.exchequer.iso20022.Answer.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Answers as XML in UTF-8: pacs.002.001.10, pacs.004.001.10 and camt.029.001.09, the versions FedNow and RTP use. The
 * bytes depend on the answer alone. A message that is not known by an id is named {@code NOTPROVIDED}, as is usual.
 */
public final class AnswerWriter {
    private static final int TEXT = 105;
    private static final String NOT_PROVIDED = "NOTPROVIDED";

    private AnswerWriter() {}

    /**
     * The message.
     *
     * @throws IllegalArgumentException naming a part that is not as {@link Answer} says
     */
    public static byte[] write(Answer answer) {
        require(answer.messageId(), 35, "messageId");
        StringBuilder xml = new StringBuilder(2048);
        switch (answer) {
            case Answer.Status status -> status(xml, status);
            case Answer.Return back -> back(xml, back);
            case Answer.Resolution resolution -> resolution(xml, resolution);
        }
        return xml.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void status(StringBuilder xml, Answer.Status answer) {
        require(answer.status(), 4, "status");
        Subject subject = answer.subject();
        open(xml, "pacs.002.001.10", "FIToFIPmtStsRpt");
        xml.append("<GrpHdr>");
        element(xml, "MsgId", answer.messageId());
        time(xml, "CreDtTm", answer.created());
        agents(xml, subject);
        xml.append("</GrpHdr><TxInfAndSts>");
        group(xml, subject);
        ids(xml, subject);
        element(xml, "TxSts", answer.status());
        reason(xml, "StsRsnInf", answer.reason(), answer.text());
        Instant accepted = answer.accepted();
        if (accepted != null) {
            time(xml, "AccptncDtTm", accepted);
        }
        xml.append("</TxInfAndSts></FIToFIPmtStsRpt></Document>");
    }

    private static void back(StringBuilder xml, Answer.Return answer) {
        if (answer.amount().minorUnits() <= 0) {
            throw new IllegalArgumentException("amount must be greater than zero");
        }
        Subject subject = answer.subject();
        open(xml, "pacs.004.001.10", "PmtRtr");
        xml.append("<GrpHdr>");
        element(xml, "MsgId", answer.messageId());
        time(xml, "CreDtTm", answer.created());
        xml.append("<NbOfTxs>1</NbOfTxs>");
        element(xml, "IntrBkSttlmDt", answer.settlementDate().toString());
        xml.append("<SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>");
        agents(xml, subject);
        xml.append("</GrpHdr><TxInf>");
        element(xml, "RtrId", answer.messageId());
        group(xml, subject);
        ids(xml, subject);
        xml.append("<RtrdIntrBkSttlmAmt Ccy=\"")
                .append(answer.amount().currency())
                .append("\">")
                .append(answer.amount().toDecimal())
                .append("</RtrdIntrBkSttlmAmt>");
        reason(xml, "RtrRsnInf", answer.reason(), answer.text());
        xml.append("</TxInf></PmtRtr></Document>");
    }

    private static void resolution(StringBuilder xml, Answer.Resolution answer) {
        Subject subject = answer.subject();
        open(xml, "camt.029.001.09", "RsltnOfInvstgtn");
        xml.append("<Assgnmt>");
        element(xml, "Id", answer.messageId());
        party(xml, "Assgnr", subject.from());
        party(xml, "Assgne", subject.to());
        time(xml, "CreDtTm", answer.created());
        xml.append("</Assgnmt><Sts>");
        element(xml, "Conf", answer.confirmation().name());
        xml.append("</Sts><CxlDtls><TxInfAndSts>");
        group(xml, subject);
        ids(xml, subject);
        element(xml, "TxCxlSts", answer.confirmation().status());
        reason(xml, "CxlStsRsnInf", answer.reason(), answer.text());
        xml.append("</TxInfAndSts></CxlDtls></RsltnOfInvstgtn></Document>");
    }

    private static void open(StringBuilder xml, String definition, String element) {
        xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"")
                .append(MessageType.NAMESPACE)
                .append(definition)
                .append("\"><")
                .append(element)
                .append('>');
    }

    private static void group(StringBuilder xml, Subject subject) {
        xml.append("<OrgnlGrpInf>");
        element(xml, "OrgnlMsgId", subject.messageId() == null ? NOT_PROVIDED : subject.messageId());
        element(xml, "OrgnlMsgNmId", subject.definition() == null ? NOT_PROVIDED : subject.definition());
        xml.append("</OrgnlGrpInf>");
    }

    private static void ids(StringBuilder xml, Subject subject) {
        element(xml, "OrgnlInstrId", subject.instructionId());
        element(xml, "OrgnlEndToEndId", subject.endToEndId());
        element(xml, "OrgnlTxId", subject.transactionId());
        element(xml, "OrgnlUETR", subject.uetr());
    }

    private static void agents(StringBuilder xml, Subject subject) {
        agent(xml, "InstgAgt", subject.from());
        agent(xml, "InstdAgt", subject.to());
    }

    private static void agent(StringBuilder xml, String name, @Nullable String bic) {
        if (bic != null) {
            xml.append('<').append(name).append("><FinInstnId>");
            element(xml, "BICFI", bic);
            xml.append("</FinInstnId></").append(name).append('>');
        }
    }

    /** Who assigns is mandatory; one without a BIC is named in words. */
    private static void party(StringBuilder xml, String name, @Nullable String bic) {
        xml.append('<').append(name).append('>');
        if (bic == null) {
            xml.append("<Pty><Nm>").append(NOT_PROVIDED).append("</Nm></Pty>");
        } else {
            agent(xml, "Agt", bic);
        }
        xml.append("</").append(name).append('>');
    }

    private static void reason(StringBuilder xml, String name, @Nullable String code, @Nullable String text) {
        if (code == null && text == null) {
            return;
        }
        xml.append('<').append(name).append('>');
        if (code != null) {
            require(code, 4, "reason");
            xml.append("<Rsn>");
            element(xml, "Cd", code);
            xml.append("</Rsn>");
        }
        if (text != null && !text.isEmpty()) {
            element(xml, "AddtlInf", cut(text));
        }
        xml.append("</").append(name).append('>');
    }

    /** Counted in UTF-16 units, as validators on the JVM do; never more than the characters the schema allows. */
    private static String cut(String text) {
        if (text.length() <= TEXT) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(TEXT - 1)) ? TEXT - 1 : TEXT);
    }

    private static void element(StringBuilder xml, String name, @Nullable String value) {
        if (value != null) {
            xml.append('<').append(name).append('>');
            escape(xml, value);
            xml.append("</").append(name).append('>');
        }
    }

    /** What XML 1.0 cannot carry at all becomes a question mark; line ends are kept as references. */
    private static void escape(StringBuilder xml, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '\r' -> xml.append("&#13;");
                default -> {
                    boolean pair = Character.isHighSurrogate(c)
                            && i + 1 < value.length()
                            && Character.isLowSurrogate(value.charAt(i + 1));
                    if (pair) {
                        xml.append(c).append(value.charAt(++i));
                    } else {
                        xml.append(allowed(c) ? c : '?');
                    }
                }
            }
        }
    }

    private static boolean allowed(char c) {
        return (c >= ' ' || c == '\t' || c == '\n') && !Character.isSurrogate(c) && c != '\uFFFE' && c != '\uFFFF';
    }

    private static void time(StringBuilder xml, String name, Instant instant) {
        ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        xml.append('<').append(name).append('>');
        digits(xml, utc.getYear(), 4);
        digits(xml.append('-'), utc.getMonthValue(), 2);
        digits(xml.append('-'), utc.getDayOfMonth(), 2);
        digits(xml.append('T'), utc.getHour(), 2);
        digits(xml.append(':'), utc.getMinute(), 2);
        digits(xml.append(':'), utc.getSecond(), 2);
        digits(xml.append('.'), utc.getNano() / 1_000_000, 3);
        xml.append("Z</").append(name).append('>');
    }

    private static void digits(StringBuilder xml, int number, int width) {
        int power = 1;
        for (int i = 1; i < width; i++) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            xml.append((char) ('0' + number / power % 10));
        }
    }

    private static void require(String value, int most, String part) {
        if (value.isEmpty() || value.length() > most) {
            throw new IllegalArgumentException(part + " must have 1 to " + most + " characters");
        }
    }
}
