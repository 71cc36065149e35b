package org.exchequer.iso20022;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which elements a message may have, in which order, how often and with what content: the part of the ISO 20022
 * schemas that is read. What is not read ({@code Skip}) need only be well-formed XML.
 *
 * <p>One element is written {@code Name occurrence [versions] : type ! code}. The occurrence is none for exactly one,
 * or {@code ?}, {@code *}, {@code +}, <code>{2}</code>; the versions are those of pacs.008 the element is in
 * (others are
 * counted to the pacs.008 of their year); the type is one of the names on the left or a {@link Content}; the code is
 * that of a finding. A type beginning with {@code |} is a choice of one; one beginning with {@code ~} allows whatever
 * else, too.
 */
final class Grammar {
    private static final String TYPES = """
            PACS_008 = GrpHdr:Header CdtTrfTxInf+:Transfer SplmtryData*[3-]:Skip
            PACS_003 = GrpHdr:DebitHeader DrctDbtTxInf+:Debit SplmtryData*[3-]:Skip
            PACS_007 = GrpHdr:ReversalHeader OrgnlGrpInf?:ReversedGroup TxInf*:Reversal SplmtryData*[3-]:Skip
            CAMT_056 = Assgnmt:Assignment Case?:Case CtrlData?:Control Undrlyg+:Underlying SplmtryData*[3-]:Skip
            Header = MsgId:T35 CreDtTm:DateTime!DT02 BtchBookg?:Bool NbOfTxs:Num15 CtrlSum?:Decimal \
              TtlIntrBkSttlmAmt?:Amount IntrBkSttlmDt?:Date SttlmInf:Settlement PmtTpInf?:Kind InstgAgt?:Agent \
              InstdAgt?:Agent
            DebitHeader = MsgId:T35 CreDtTm:DateTime!DT02 Authstn{2}:Authorisation BtchBookg?:Bool NbOfTxs:Num15 \
              CtrlSum?:Decimal TtlIntrBkSttlmAmt?:Amount IntrBkSttlmDt?:Date SttlmInf:DebitSettlement \
              PmtTpInf?:DebitKind InstgAgt?:Agent InstdAgt?:Agent
            ReversalHeader = MsgId:T35 CreDtTm:DateTime!DT02 Authstn{2}:Authorisation BtchBookg?:Bool NbOfTxs:Num15 \
              CtrlSum?:Decimal GrpRvsl?:Bool TtlRvsdIntrBkSttlmAmt?:Amount IntrBkSttlmDt?:Date SttlmInf:Settlement \
              InstgAgt?:Agent InstdAgt?:Agent
            Authorisation = | Cd:=AUTH,FDET,FSUM,ILEV Prtry:T128
            Settlement = SttlmMtd:=INDA,INGA,COVE,CLRG SttlmAcct?:Skip ClrSys?:Clearing InstgRmbrsmntAgt?:Skip \
              InstgRmbrsmntAgtAcct?:Skip InstdRmbrsmntAgt?:Skip InstdRmbrsmntAgtAcct?:Skip ThrdRmbrsmntAgt?:Skip \
              ThrdRmbrsmntAgtAcct?:Skip
            DebitSettlement = SttlmMtd:=INDA,INGA,CLRG SttlmAcct?:Skip ClrSys?:Clearing
            Clearing = | Cd:T3 Prtry:T35
            Kind = InstrPrty?:=HIGH,NORM ClrChanl?:=RTGS,RTNS,MPNS,BOOK SvcLvl?[-7]:Level SvcLvl*[8-]:Level \
              LclInstrm?:Instrument CtgyPurp?:Category
            DebitKind = InstrPrty?:=HIGH,NORM ClrChanl?:=RTGS,RTNS,MPNS,BOOK SvcLvl?[-7]:Level SvcLvl*[8-]:Level \
              LclInstrm?:Instrument SeqTp?:=FRST,RCUR,FNAL,OOFF,RPRE CtgyPurp?:Category
            Level = | Cd:T4!FF04 Prtry:T35!FF04
            Instrument = | Cd:T35!FF05 Prtry:T35!FF05
            Category = | Cd:T4!FF06 Prtry:T35!FF06
            Purpose = | Cd:T4!FF07 Prtry:T35!FF07
            Scheme = | Cd:T4 Prtry:T35
            Agent = FinInstnId:Institution BrnchId?:Branch
            Institution = BIC?[-2]:OldBic BICFI?[3-7]:OldBic BICFI?[8-]:Bic ClrSysMmbId?:Member LEI?[8-]:Lei \
              Nm?:T140 PstlAdr?:Skip Othr?:GenericId
            Member = ClrSysId?:MemberScheme MmbId:T35!RC08
            MemberScheme = | Cd:T5 Prtry:T35
            GenericId = Id:T35 SchmeNm?:Scheme Issr?:T35
            PartyId = Id[-11]:T35 Id[12-]:T256 SchmeNm?:Scheme Issr?:T35
            Branch = Id?:T35 LEI?[8-]:Lei Nm?:T140 PstlAdr?:Skip
            Ids = InstrId?:T35 EndToEndId:T35!FF08 TxId[-7]:T35 TxId?[8-]:T35 UETR?[8-]:Uuid ClrSysRef?:T35
            Party = Nm?:T140 PstlAdr?:Address Id?:Identity CtryOfRes?:Country CtctDtls?:Skip
            Address = ~ Ctry?:Country
            Identity = | OrgId:Organisation PrvtId:Person
            Organisation = BICOrBEI?[-2]:OldBic AnyBIC?[3-7]:OldBic AnyBIC?[8-]:Bic LEI?[8-]:Lei Othr*:PartyId
            Person = DtAndPlcOfBirth?:Birth Othr*:PartyId
            Birth = BirthDt:Date PrvcOfBirth?:T35 CityOfBirth:T35 CtryOfBirth:Country
            CashAccount = Id[-9]:AccountId Id?[10-]:AccountId Tp?:Scheme Ccy?:Currency Nm?:T70 Prxy?[8-]:Skip
            AccountId = | IBAN:Iban Othr:OtherAccount
            OtherAccount = Id:T34!AC01 SchmeNm?:Scheme Issr?:T35
            Remittance = Ustrd*:T140!RR07 Strd*:Skip
            Transfer = PmtId:Ids PmtTpInf?:Kind IntrBkSttlmAmt:Amount IntrBkSttlmDt?:Date SttlmPrty?:=URGT,HIGH,NORM \
              SttlmTmIndctn?:Skip SttlmTmReq?:Skip AccptncDtTm?:DateTime PoolgAdjstmntDt?:Date InstdAmt?:Amount \
              XchgRate?:Rate ChrgBr:=DEBT,CRED,SHAR,SLEV!BE19 ChrgsInf*:Skip MndtRltdInf?[9-]:Skip \
              PrvsInstgAgt?[-6]:Skip PrvsInstgAgtAcct?[-6]:Skip PrvsInstgAgt1?[7-]:Skip PrvsInstgAgt1Acct?[7-]:Skip \
              PrvsInstgAgt2?[7-]:Skip PrvsInstgAgt2Acct?[7-]:Skip PrvsInstgAgt3?[7-]:Skip PrvsInstgAgt3Acct?[7-]:Skip \
              InstgAgt?:Agent InstdAgt?:Agent IntrmyAgt1?:Skip IntrmyAgt1Acct?:Skip IntrmyAgt2?:Skip \
              IntrmyAgt2Acct?:Skip IntrmyAgt3?:Skip IntrmyAgt3Acct?:Skip UltmtDbtr?:Skip InitgPty?:Skip Dbtr:Party \
              DbtrAcct?:CashAccount DbtrAgt:Agent DbtrAgtAcct?:CashAccount CdtrAgt:Agent CdtrAgtAcct?:CashAccount \
              Cdtr:Party CdtrAcct?:CashAccount UltmtCdtr?:Skip InstrForCdtrAgt*:Skip InstrForNxtAgt*:Skip \
              Purp?:Purpose RgltryRptg{10}:Skip Tax?[5-]:Skip RltdRmtInf{10}:Skip RmtInf?:Remittance \
              SplmtryData*[4-]:Skip
            Debit = PmtId:Ids PmtTpInf?:DebitKind IntrBkSttlmAmt:Amount IntrBkSttlmDt?:Date \
              SttlmPrty?:=URGT,HIGH,NORM SttlmTmIndctn?:Skip InstdAmt?:Amount XchgRate?:Rate \
              ChrgBr:=DEBT,CRED,SHAR,SLEV!BE19 ChrgsInf*:Skip ReqdColltnDt?:Date DrctDbtTx?:Skip Cdtr:Party \
              CdtrAcct?:CashAccount CdtrAgt:Agent CdtrAgtAcct?:CashAccount UltmtCdtr?:Skip InitgPty?:Skip \
              InstgAgt?:Agent InstdAgt?:Agent IntrmyAgt1?:Skip IntrmyAgt1Acct?:Skip IntrmyAgt2?:Skip \
              IntrmyAgt2Acct?:Skip IntrmyAgt3?:Skip IntrmyAgt3Acct?:Skip Dbtr:Party DbtrAcct:CashAccount \
              DbtrAgt:Agent DbtrAgtAcct?:CashAccount UltmtDbtr?:Skip Purp?:Purpose RgltryRptg{10}:Skip \
              RltdRmtInf{10}:Skip RmtInf?:Remittance SplmtryData*[4-]:Skip
            ReversedGroup = OrgnlMsgId:T35 OrgnlMsgNmId:T35 OrgnlCreDtTm?:DateTime RvslRsnInf*:Reason
            Group = OrgnlMsgId:T35 OrgnlMsgNmId:T35 OrgnlCreDtTm?:DateTime
            Reason = Orgtr?:Party Rsn?:ReasonCode AddtlInf*:T105
            ReasonCode = | Cd:T4 Prtry:T35
            Reversal = RvslId?:T35 OrgnlGrpInf?:Group OrgnlInstrId?:T35 OrgnlEndToEndId?:T35 OrgnlTxId?:T35 \
              OrgnlUETR?[8-]:Uuid OrgnlClrSysRef?:T35 OrgnlIntrBkSttlmAmt?:Amount RvsdIntrBkSttlmAmt:Amount \
              IntrBkSttlmDt?:Date SttlmPrty?:=URGT,HIGH,NORM SttlmTmIndctn?:Skip RvsdInstdAmt?:Amount XchgRate?:Rate \
              CompstnAmt?:Amount ChrgBr?:=DEBT,CRED,SHAR,SLEV!BE19 ChrgsInf*:Skip InstgAgt?:Agent InstdAgt?:Agent \
              RvslRsnInf*:Reason OrgnlTxRef?:Skip SplmtryData*[4-]:Skip
            Assignment = Id:T35 Assgnr:Role Assgne:Role CreDtTm:DateTime!DT02
            Role = | Pty:Party Agt:Agent
            Case = Id:T35 Cretr:Role ReopCaseIndctn?:Bool
            Control = NbOfTxs:Num15 CtrlSum?:Decimal
            Underlying = OrgnlGrpInfAndCxl?:CancelledGroup TxInf*:Cancellation
            CancelledGroup = GrpCxlId?:T35 Case?:Case OrgnlMsgId:T35 OrgnlMsgNmId:T35 OrgnlCreDtTm?:DateTime \
              NbOfTxs?:Num15 CtrlSum?:Decimal GrpCxl?:Bool CxlRsnInf*:Reason
            Cancellation = CxlId?:T35 Case?:Case OrgnlGrpInf?:Group OrgnlInstrId?:T35 OrgnlEndToEndId?:T35 \
              OrgnlTxId?:T35 OrgnlUETR?[8-]:Uuid OrgnlClrSysRef?:T35 OrgnlIntrBkSttlmAmt?:Amount \
              OrgnlIntrBkSttlmDt?:Date Assgnr?:Agent Assgne?:Agent CxlRsnInf*:Reason OrgnlTxRef?:Skip \
              SplmtryData*[4-]:Skip
            """;

    private static final Pattern ELEMENT =
            Pattern.compile("(\\w+)(\\?|\\*|\\+|\\{(\\d+)})?" + "(?:\\[(\\d*)-(\\d*)])?:(=?[\\w,]+)(?:!(\\w+))?");

    /** Each type's line, split at blanks; the first word may be the sign of a choice. */
    private static final Map<String, List<String>> LINES = TYPES.lines()
            .map(line -> line.split(" = ", 2))
            .collect(Collectors.toMap(
                    part -> part[0], part -> List.of(part[1].trim().split("\\s+"))));

    private static final Map<String, Node> ROOTS = new ConcurrentHashMap<>();

    private Grammar() {}

    /** The tree of one version; built once. */
    static Node of(MessageType type, String version) {
        Node known = ROOTS.get(version);
        return known != null ? known : ROOTS.computeIfAbsent(version, any -> build(type, version));
    }

    private static Node build(MessageType type, String version) {
        int number = MessageType.number(version);
        int year = switch (type) {
            case PACS_008, PACS_003 -> number;
            // pacs.007.001.10 came with pacs.008.001.09 and shares its parts.
            case PACS_007 -> Math.max(2, number == 2 ? 2 : number - 1);
            case CAMT_056 -> number + (number == 1 ? 1 : 0);
        };
        Slots slots = Slots.of(type);
        String path = "/Document/" + type.element();
        return node(type.element(), path, 1, 0, 1, type.name(), null, year, slots, "");
    }

    private static Node node(
            String name,
            String path,
            int min,
            int ordinal,
            int max,
            String type,
            @Nullable String code,
            int year,
            Slots slots,
            String below) {
        List<String> line = LINES.get(type);
        if (line == null) {
            Content content = type.equals("Skip") ? null : Content.of(type, code);
            Field field = slots.at(below);
            return new Node(
                    name, path, ordinal, min, max, content, field, slots.counted(below), Node.Shape.LEAF, List.of());
        }
        Node.Shape shape = switch (line.getFirst()) {
            case "|" -> Node.Shape.CHOICE;
            case "~" -> Node.Shape.LOOSE;
            default -> Node.Shape.SEQUENCE;
        };
        List<Node> children = new ArrayList<>();
        for (String word : line.subList(shape == Node.Shape.SEQUENCE ? 0 : 1, line.size())) {
            Matcher m = ELEMENT.matcher(word);
            if (!m.matches()) {
                throw new IllegalStateException("grammar: " + word);
            }
            if (year < bound(m.group(4), 0) || year > bound(m.group(5), 99)) {
                continue;
            }
            String child = m.group(1);
            String inner = below.isEmpty() ? child : below + "/" + child;
            children.add(node(
                    child,
                    path + "/" + child,
                    least(m.group(2)),
                    children.size(),
                    most(m.group(2), m.group(3)),
                    m.group(6),
                    m.group(7),
                    year,
                    slots,
                    inner));
        }
        return new Node(name, path, ordinal, min, max, null, null, slots.counted(below), shape, children);
    }

    private static int bound(@Nullable String text, int absent) {
        return text == null || text.isEmpty() ? absent : Integer.parseInt(text);
    }

    private static int least(@Nullable String occurrence) {
        return occurrence == null || occurrence.equals("+") ? 1 : 0;
    }

    private static int most(@Nullable String occurrence, @Nullable String count) {
        if (count != null) {
            return Integer.parseInt(count);
        }
        return occurrence == null || occurrence.equals("?") ? 1 : Integer.MAX_VALUE;
    }

    /** An element at one place of one version. */
    static final class Node {
        enum Shape {
            LEAF,
            SEQUENCE,
            CHOICE,
            LOOSE
        }

        final String name;
        final String path;
        final int ordinal;
        final int min;
        final int max;
        final @Nullable Content content;
        final @Nullable Field field;
        final boolean transaction;
        final Shape shape;
        final List<Node> children;
        private final Map<String, Node> byName = new HashMap<>();

        Node(
                String name,
                String path,
                int ordinal,
                int min,
                int max,
                @Nullable Content content,
                @Nullable Field field,
                boolean transaction,
                Shape shape,
                List<Node> children) {
            this.name = name;
            this.path = path;
            this.ordinal = ordinal;
            this.min = min;
            this.max = max;
            this.content = content;
            this.field = field;
            this.transaction = transaction;
            this.shape = shape;
            this.children = children;
            children.forEach(child -> byName.put(child.name, child));
        }

        /** The element around a message. */
        static Node document(Node message) {
            return new Node("Document", "/Document", 0, 1, 1, null, null, false, Shape.SEQUENCE, List.of(message));
        }

        @Nullable
        Node child(String childName) {
            return byName.get(childName);
        }

        /** Whether it is only passed over. */
        boolean skipped() {
            return shape == Shape.LEAF && content == null;
        }
    }
}
