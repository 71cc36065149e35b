package org.exchequer.iso20022;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Messages to read: one of each type, made up here, and the public samples where they are at hand. */
final class Samples {
    private static final Pattern OF_OURS =
            Pattern.compile("<([a-z]+:)?(FIToFICstmrCdtTrf|FIToFICstmrDrctDbt|FIToFIPmtRvsl|FIToFIPmtCxlReq)[ >]");

    private static final String AGENT = "<FinInstnId><BICFI>%s</BICFI></FinInstnId>";

    private static final String HEADER = """
            <GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-01-31T10:00:00.123+08:00</CreDtTm><NbOfTxs>1</NbOfTxs>%s\
            <SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>%s</GrpHdr>""";

    private static final String DEBTOR = """
            <Dbtr><Nm>Müller &amp; Söhne</Nm><PstlAdr><TwnNm>Ulm</TwnNm><Ctry>DE</Ctry></PstlAdr></Dbtr>\
            <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>\
            <DbtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></DbtrAgt>""";

    private static final String CREDITOR = """
            <Cdtr><Nm>陳大文</Nm><Id><PrvtId><DtAndPlcOfBirth><BirthDt>1980-02-29</BirthDt>\
            <CityOfBirth>Singapore</CityOfBirth><CtryOfBirth>SG</CtryOfBirth></DtAndPlcOfBirth></PrvtId></Id>\
            <CtryOfRes>SG</CtryOfRes></Cdtr><CdtrAcct><Id><Othr><Id>0123456789</Id></Othr></Id></CdtrAcct>""";

    private static final String CREDITOR_AGENT = "<CdtrAgt><FinInstnId><BICFI>DBSSSGSG</BICFI></FinInstnId></CdtrAgt>";

    private static final String IDS = """
            <PmtId><InstrId>I-1</InstrId><EndToEndId>E-1</EndToEndId><TxId>T-1</TxId>\
            <UETR>174c245f-2682-4291-ad67-2a41e530cd27</UETR></PmtId>""";

    private static final String ORIGINAL = """
            <OrgnlGrpInf><OrgnlMsgId>M-0</OrgnlMsgId><OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId></OrgnlGrpInf>\
            <OrgnlInstrId>I-1</OrgnlInstrId><OrgnlEndToEndId>E-1</OrgnlEndToEndId><OrgnlTxId>T-1</OrgnlTxId>\
            <OrgnlUETR>174c245f-2682-4291-ad67-2a41e530cd27</OrgnlUETR>\
            <OrgnlIntrBkSttlmAmt Ccy="SGD">12.5</OrgnlIntrBkSttlmAmt>""";

    private Samples() {}

    /** A valid pacs.008 of this version, 08 to 12. */
    static String transfer(int version) {
        String kind = "<PmtTpInf><InstrPrty>HIGH</InstrPrty><LclInstrm><Prtry>INST</Prtry></LclInstrm></PmtTpInf>";
        return document(
                MessageType.PACS_008,
                version,
                HEADER.formatted("<IntrBkSttlmDt>2026-01-31</IntrBkSttlmDt>", kind + agents()) + "<CdtTrfTxInf>" + IDS
                        + "<IntrBkSttlmAmt Ccy=\"SGD\">12.5</IntrBkSttlmAmt>"
                        + "<AccptncDtTm>2026-01-31T01:59:59Z</AccptncDtTm><ChrgBr>SLEV</ChrgBr>" + DEBTOR
                        + CREDITOR_AGENT + CREDITOR + "<Purp><Cd>GDDS</Cd></Purp>"
                        + "<RmtInf><Ustrd>invoice 7</Ustrd><Ustrd>and 8</Ustrd></RmtInf></CdtTrfTxInf>");
    }

    static String debit(int version) {
        return document(
                MessageType.PACS_003,
                version,
                HEADER.formatted("", agents()) + "<DrctDbtTxInf>" + IDS
                        + "<IntrBkSttlmAmt Ccy=\"JPY\">1250</IntrBkSttlmAmt><IntrBkSttlmDt>2026-01-31</IntrBkSttlmDt>"
                        + "<ChrgBr>SLEV</ChrgBr>" + CREDITOR + CREDITOR_AGENT + DEBTOR + "</DrctDbtTxInf>");
    }

    static String reversal(int version) {
        return document(
                MessageType.PACS_007,
                version,
                HEADER.formatted("", agents()) + "<TxInf><RvslId>R-1</RvslId>" + ORIGINAL
                        + "<RvsdIntrBkSttlmAmt Ccy=\"SGD\">12.50</RvsdIntrBkSttlmAmt>"
                        + "<RvslRsnInf><Rsn><Cd>AM05</Cd></Rsn><AddtlInf>sent</AddtlInf><AddtlInf>twice</AddtlInf>"
                        + "</RvslRsnInf></TxInf>");
    }

    static String cancellation(int version) {
        return document(
                MessageType.CAMT_056,
                version,
                "<Assgnmt><Id>A-1</Id><Assgnr><Agt>" + AGENT.formatted("COBADEFFXXX") + "</Agt></Assgnr><Assgne><Agt>"
                        + AGENT.formatted("DBSSSGSG") + "</Agt></Assgne><CreDtTm>2026-01-31T10:00:00Z</CreDtTm>"
                        + "</Assgnmt><CtrlData><NbOfTxs>1</NbOfTxs></CtrlData><Undrlyg><TxInf><CxlId>C-1</CxlId>"
                        + ORIGINAL + "<CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn></CxlRsnInf></TxInf></Undrlyg>");
    }

    /** One of each type, of the versions whose schemas are at hand. */
    static List<String> own() {
        return List.of(transfer(8), transfer(12), debit(8), reversal(10), cancellation(8), cancellation(9));
    }

    private static String agents() {
        return "<InstgAgt>" + AGENT.formatted("COBADEFFXXX") + "</InstgAgt><InstdAgt>" + AGENT.formatted("DBSSSGSG")
                + "</InstdAgt>";
    }

    static String document(MessageType type, int version, String content) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"" + MessageType.NAMESPACE
                + type.version(version) + "\"><" + type.element() + ">" + content + "</" + type.element()
                + "></Document>";
    }

    static byte[] bytes(String xml) {
        return xml.getBytes(StandardCharsets.UTF_8);
    }

    /** The folder of public data, or the test is reported as skipped. */
    static Path data() {
        Path data = Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("exchequer.home", ".")).resolve("../shared/data"));
        assumeTrue(Files.isDirectory(data.resolve("iso20022")), () -> "skipped: no data at " + data);
        return data;
    }

    /** The public samples of our types. */
    static List<Path> published() throws IOException {
        try (Stream<Path> files = Files.walk(data())) {
            return files.filter(file -> file.toString().endsWith(".xml"))
                    .filter(Samples::ours)
                    .sorted()
                    .toList();
        }
    }

    private static boolean ours(Path file) {
        try {
            return Files.size(file) < MessageReader.MAX_BYTES
                    && OF_OURS.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The official schema of a message definition, where there is one. */
    static Optional<Path> schema(String definition) {
        Path iso = data().resolve("iso20022");
        Path moov = iso.resolve("moov-iso20022/docs/specifications");
        return Stream.of(
                        iso.resolve("base"),
                        iso.resolve("fednow/xsd/iso"),
                        moov.resolve("payments_clearing_and_settlement_10"),
                        moov.resolve("exceptions__investigations_10"))
                .map(folder -> folder.resolve(definition + ".xsd"))
                .filter(Files::exists)
                .findFirst();
    }
}
