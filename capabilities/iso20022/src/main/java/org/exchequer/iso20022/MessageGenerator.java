package org.exchequer.iso20022;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;

/**
 * Makes messages that look like real ones: valid, or broken in one named way. The same seed makes the same messages.
 * Names, banks and accounts are made up; the IBANs have right check digits.
 */
public final class MessageGenerator {
    private static final List<String> NAMES = List.of(
            "Anna Schneider",
            "José García Núñez",
            "Siobhán O'Brien",
            "Łukasz Wiśniewski",
            "Zoë van den Berg",
            "Nguyễn Thị Hương",
            "陳大文",
            "李小龍",
            "王秀英",
            "山田太郎",
            "佐藤花子",
            "김민준",
            "Иван Петров",
            "Олена Шевченко",
            "Γιώργος Παπαδόπουλος",
            "محمد علي",
            "فاطمة الزهراء",
            "राजेश कुमार",
            "சுப்ரமணியம் ராஜன்",
            "สมชาย ใจดี",
            "יוסף כהן",
            "Tan Wei Ming",
            "Muhammad bin Abdullah",
            "Priya Sharma",
            "Müller & Söhne GmbH",
            "Ng Brothers Pte Ltd",
            "Société Générale d'Épicerie SA",
            "A & B <Trading> Co.");
    private static final List<String> BICS = List.of(
            "AAABSGSGXXX", "BBBCSGSG", "CCCDDEFF", "DDDEFRPPXXX", "EEEFGB2L", "FFFGNL2A", "GGGHJPJT", "HHHIHKHH");
    private static final List<String> CURRENCIES = List.of("SGD", "SGD", "SGD", "SGD", "EUR", "USD", "JPY", "BHD");
    private static final List<String> PURPOSES = List.of("GDDS", "SALA", "SUPP", "RENT", "OTHR");

    private final SplittableRandom random;
    private final LocalDate day;
    private long made;

    /**
     * Messages of one business day.
     *
     * @param seed the same seed and day make the same messages
     * @param day the settlement date; the messages are created on it
     */
    public MessageGenerator(long seed, LocalDate day) {
        this.random = new SplittableRandom(seed);
        this.day = day;
    }

    /** A message that is to be refused, and the code it must be refused with. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Broken(Fault fault, byte[] xml) {}

    /** One way for a pacs.008 to be wrong. */
    public enum Fault {
        ZERO_AMOUNT("AM01"),
        NEGATIVE_AMOUNT("AM12"),
        TOO_MANY_DECIMALS("CH20"),
        UNKNOWN_CURRENCY("AM11"),
        WRONG_CHECK_DIGITS("AC01"),
        WRONG_BIC("RC01"),
        IMPOSSIBLE_DATE("DT01"),
        IMPOSSIBLE_CREATION("DT02"),
        MISSING_END_TO_END_ID("FF08"),
        MISSING_MESSAGE_ID("CH21"),
        UNKNOWN_ELEMENT("CH17"),
        OVERLONG_NAME("CH16"),
        UNKNOWN_COUNTRY("BE09"),
        TWO_TRANSACTIONS("AM18");

        private final String code;

        Fault(String code) {
            this.code = code;
        }

        /** Of the external status reasons. */
        public String code() {
            return code;
        }
    }

    /** A valid message of this type. */
    public byte[] next(MessageType type) {
        return bytes(xml(type));
    }

    /** A valid message: of twenty about seventeen pacs.008, and one of each other type. */
    public byte[] next() {
        return next(
                switch (random.nextInt(20)) {
                    case 0 -> MessageType.PACS_003;
                    case 1 -> MessageType.PACS_007;
                    case 2 -> MessageType.CAMT_056;
                    default -> MessageType.PACS_008;
                });
    }

    /** A pacs.008 that is wrong in this way alone. */
    public Broken broken(Fault fault) {
        String good = xml(MessageType.PACS_008);
        String bad = switch (fault) {
            case ZERO_AMOUNT -> good.replaceFirst("(IntrBkSttlmAmt Ccy=\"...\">)[0-9.]+", "$10");
            case NEGATIVE_AMOUNT -> good.replaceFirst("(IntrBkSttlmAmt Ccy=\"...\">)", "$1-");
            case TOO_MANY_DECIMALS -> good.replaceFirst("(IntrBkSttlmAmt Ccy=\"...\">)[0-9.]+", "$11.2345");
            case UNKNOWN_CURRENCY -> good.replaceFirst("Ccy=\"...\"", "Ccy=\"XAU\"");
            case WRONG_CHECK_DIGITS -> good.replaceFirst("<IBAN>(..)..", "<IBAN>$100");
            case WRONG_BIC -> good.replaceFirst("<BICFI>", "<BICFI>1_");
            case IMPOSSIBLE_DATE -> good.replaceFirst("<IntrBkSttlmDt>....-..-..", "<IntrBkSttlmDt>2026-02-30");
            case IMPOSSIBLE_CREATION -> good.replaceFirst("<CreDtTm>....-..", "<CreDtTm>2026-13");
            case MISSING_END_TO_END_ID -> good.replaceFirst("<EndToEndId>.*</EndToEndId>", "");
            case MISSING_MESSAGE_ID -> good.replaceFirst("<MsgId>.*</MsgId>", "");
            case UNKNOWN_ELEMENT -> good.replaceFirst("<ChrgBr>", "<Surprise/><ChrgBr>");
            case OVERLONG_NAME -> good.replaceFirst("<Nm>", "<Nm>" + "x".repeat(141));
            case UNKNOWN_COUNTRY -> good.replaceFirst("<CtryOfRes>..", "<CtryOfRes>QQ");
            case TWO_TRANSACTIONS -> good.replaceFirst("<NbOfTxs>1", "<NbOfTxs>2");
        };
        return new Broken(fault, bytes(bad));
    }

    private static byte[] bytes(String xml) {
        return xml.getBytes(StandardCharsets.UTF_8);
    }

    private String xml(MessageType type) {
        made++;
        return switch (type) {
            case PACS_008 -> document(type, 8, header(true) + "<CdtTrfTxInf>" + ids() + transfer() + "</CdtTrfTxInf>");
            case PACS_003 -> document(type, 8, header(false) + "<DrctDbtTxInf>" + ids() + debit() + "</DrctDbtTxInf>");
            case PACS_007 ->
                document(
                        type,
                        10,
                        header(false) + "<TxInf><RvslId>" + id("R") + "</RvslId>" + original()
                                + amount("RvsdIntrBkSttlmAmt") + "<RvslRsnInf><Rsn><Cd>AM05</Cd></Rsn></RvslRsnInf>"
                                + "</TxInf>");
            case CAMT_056 ->
                document(
                        type,
                        8,
                        "<Assgnmt><Id>" + id("A") + "</Id><Assgnr><Agt>" + institution()
                                + "</Agt></Assgnr><Assgne><Agt>"
                                + institution() + "</Agt></Assgne><CreDtTm>" + time() + "</CreDtTm></Assgnmt>"
                                + "<Undrlyg><TxInf><CxlId>" + id("C") + "</CxlId>" + original()
                                + "<CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn></CxlRsnInf></TxInf></Undrlyg>");
        };
    }

    private static String document(MessageType type, int version, String content) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"" + MessageType.NAMESPACE
                + type.version(version) + "\"><" + type.element() + ">" + content + "</" + type.element()
                + "></Document>";
    }

    private String header(boolean kind) {
        return "<GrpHdr><MsgId>" + id("M") + "</MsgId><CreDtTm>" + time() + "</CreDtTm><NbOfTxs>1</NbOfTxs>"
                + "<IntrBkSttlmDt>" + day + "</IntrBkSttlmDt><SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>"
                + (kind
                        ? "<PmtTpInf><InstrPrty>" + (random.nextBoolean() ? "HIGH" : "NORM") + "</InstrPrty></PmtTpInf>"
                        : "")
                + "<InstgAgt>" + institution() + "</InstgAgt><InstdAgt>" + institution() + "</InstdAgt></GrpHdr>";
    }

    private String ids() {
        return "<PmtId><InstrId>" + id("I") + "</InstrId><EndToEndId>" + id("E") + "</EndToEndId><TxId>" + id("T")
                + "</TxId><UETR>" + uuid() + "</UETR></PmtId>";
    }

    private String transfer() {
        return amount("IntrBkSttlmAmt") + "<AccptncDtTm>" + time() + "</AccptncDtTm><ChrgBr>SLEV</ChrgBr>"
                + party("Dbtr") + "<DbtrAgt>" + institution() + "</DbtrAgt><CdtrAgt>" + institution() + "</CdtrAgt>"
                + party("Cdtr") + "<Purp><Cd>" + PURPOSES.get(random.nextInt(PURPOSES.size())) + "</Cd></Purp>"
                + "<RmtInf><Ustrd>invoice " + random.nextInt(1_000_000) + "</Ustrd></RmtInf>";
    }

    private String debit() {
        return amount("IntrBkSttlmAmt") + "<ChrgBr>SLEV</ChrgBr>" + party("Cdtr") + "<CdtrAgt>" + institution()
                + "</CdtrAgt>" + party("Dbtr") + "<DbtrAgt>" + institution() + "</DbtrAgt>";
    }

    private String original() {
        return "<OrgnlGrpInf><OrgnlMsgId>" + id("M") + "</OrgnlMsgId><OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId>"
                + "</OrgnlGrpInf><OrgnlEndToEndId>" + id("E") + "</OrgnlEndToEndId><OrgnlTxId>" + id("T")
                + "</OrgnlTxId><OrgnlUETR>" + uuid() + "</OrgnlUETR>" + amount("OrgnlIntrBkSttlmAmt");
    }

    private String party(String role) {
        String name =
                NAMES.get(random.nextInt(NAMES.size())).replace("&", "&amp;").replace("<", "&lt;");
        return "<" + role + "><Nm>" + name + "</Nm><CtryOfRes>SG</CtryOfRes></" + role + "><" + role + "Acct><Id><IBAN>"
                + iban() + "</IBAN></Id></" + role + "Acct>";
    }

    private String institution() {
        return "<FinInstnId><BICFI>" + BICS.get(random.nextInt(BICS.size())) + "</BICFI></FinInstnId>";
    }

    /** Amounts as people pay: many small ones, few large; at least one minor unit. */
    private String amount(String element) {
        Currency currency = Currency.of(CURRENCIES.get(random.nextInt(CURRENCIES.size())));
        long bound = 10;
        for (int digits = random.nextInt(7); digits > 0; digits--) {
            bound *= 10;
        }
        Money money = new Money(1 + random.nextLong(bound), currency);
        return "<" + element + " Ccy=\"" + currency + "\">" + money.toDecimal() + "</" + element + ">";
    }

    private String time() {
        LocalDateTime time = day.atTime(random.nextInt(24), random.nextInt(60), random.nextInt(1, 60));
        return time + "Z";
    }

    private String id(String kind) {
        return kind + "-" + made + "-" + Long.toString(random.nextLong(1L << 40), 36);
    }

    /** Version 4, variant 2, as the pattern of a UETR wants. */
    private UUID uuid() {
        return new UUID((random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(0b11L << 62)) | (0b10L << 62));
    }

    /** A German IBAN: eight digits of a bank, ten of an account. */
    private String iban() {
        String number = "%018d".formatted(random.nextLong(1_000_000_000_000_000_000L));
        int rest = new BigInteger(number + "131400").mod(BigInteger.valueOf(97)).intValue();
        return "DE%02d".formatted(98 - rest) + number;
    }
}
