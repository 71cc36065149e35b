package org.exchequer.reconciliation.edge.statement;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link StatementFormat#CAMT053}. Only booked entries count. An entry whose details carry amounts that add up
 * to it
 * becomes a line per detail, e.g. each payment of a batch with its end-to-end identification; any other is one line.
 * Between an opening (OPBD, or PRCD) and a closing balance (CLBD) of a statement the entries must add up.
 *
 * <p>The credit-debit indicator says what happens to the account, also of a reversal: the reversal indicator only says
 * why, and changes no sign.
 */
final class CamtStatement {
    private static final Pattern NAMESPACE =
            Pattern.compile("urn:iso:std:iso:20022:tech:xsd:camt\\.053\\.001\\.(0[2-9]|1[0-3])");
    private static final int MAX_TEXT = 4_096;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_DETAILS = 100_000;
    private static final String STATEMENT = "/BkToCstmrStmt/Stmt";

    /** A movement: an entry, or a detail of one. */
    private static final class Movement {
        @Nullable
        Long amount;
        /** Whether the amount is the entry's own, and not what was instructed. */
        boolean own;

        @Nullable
        String indicator;

        String endToEnd = "";
        String creditor = "";
        String theirs = "";
        // Of entries only.
        String status = "";
        String batch = "";

        @Nullable
        LocalDate booked;

        @Nullable
        LocalDate valued;

        final List<Movement> details = new ArrayList<>();

        String reference() {
            return endToEnd.isEmpty() ? creditor : endToEnd;
        }
    }

    private final StatementLines lines;
    private final StringBuilder path = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private int statements;
    private int entries;
    private int skipping;
    private boolean document;

    private @Nullable Movement entry;
    private @Nullable Movement detail;
    private boolean begun;
    private boolean reading;
    private @Nullable Long opening;
    private @Nullable Long previousClosing;
    private @Nullable Long closing;
    private @Nullable Long balance;
    private String balanceType = "";
    private String balanceIndicator = "";
    private String detailCurrency = "";
    private String account = "";

    CamtStatement(StatementLines lines) {
        this.lines = lines;
    }

    void read(InputStream in) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                next(xml, xml.next());
            }
        } catch (XMLStreamException malformed) {
            if (malformed.getNestedException() instanceof IOException unreadable) {
                throw unreadable;
            }
            lines.at("line " + malformed.getLocation().getLineNumber());
            throw lines.bad("XML", "is not well-formed");
        }
        if (statements == 0) {
            throw lines.bad("Stmt", "is missing: this is no camt.053");
        }
    }

    private void next(XMLStreamReader xml, int event) {
        switch (event) {
            case XMLStreamConstants.DTD -> throw lines.bad("XML", "must have no document type");
            case XMLStreamConstants.START_ELEMENT -> {
                if (skipping > 0) {
                    skipping++;
                } else {
                    start(xml);
                }
            }
            case XMLStreamConstants.END_ELEMENT -> {
                if (skipping > 0) {
                    skipping--;
                } else {
                    end(xml.getLocalName());
                }
            }
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                if (skipping == 0) {
                    if (text.length() + xml.getTextLength() > MAX_TEXT) {
                        throw lines.bad(field(), "must have at most " + MAX_TEXT + " characters");
                    }
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                }
            }
            default -> {
                // Comments and the like.
            }
        }
    }

    private void start(XMLStreamReader xml) {
        text.setLength(0);
        String name = xml.getLocalName();
        if (name.equals("Document")) {
            String namespace = String.valueOf(xml.getNamespaceURI());
            if (!NAMESPACE.matcher(namespace).matches()) {
                throw lines.bad("Document", "must be camt.053.001.02 to camt.053.001.13, is " + brief(namespace));
            }
            document = true;
            path.setLength(0);
            return;
        }
        if (!document) {
            return; // an envelope or its header
        }
        if (path.length() > MAX_DEPTH * 16) {
            throw lines.bad("XML", "is nested too deeply");
        }
        path.append('/').append(name);
        String here = field();
        switch (here) {
            case "Stmt" -> startStatement();
            case "Stmt/Bal" -> {
                balance = null;
                balanceType = "";
                balanceIndicator = "";
            }
            case "Stmt/Ntry" -> startEntry();
            case "Stmt/Ntry/NtryDtls/TxDtls" -> startDetail();
            case "Stmt/Bal/Amt", "Stmt/Ntry/Amt" -> {
                if (reading) {
                    lines.requireCurrency(here + " Ccy", String.valueOf(xml.getAttributeValue(null, "Ccy")));
                }
            }
            case "Stmt/Ntry/NtryDtls/TxDtls/Amt", "Stmt/Ntry/NtryDtls/TxDtls/AmtDtls/TxAmt/Amt" ->
                detailCurrency = String.valueOf(xml.getAttributeValue(null, "Ccy"));
            case "Stmt/TxsSummry", "Stmt/Ntry/BkTxCd", "Stmt/Ntry/Chrgs", "Stmt/Ntry/NtryDtls/TxDtls/RltdPties" ->
                skip();
            default -> {
                // Read at its end, or of no interest.
            }
        }
    }

    private void skip() {
        path.setLength(path.lastIndexOf("/"));
        skipping = 1;
    }

    private void startStatement() {
        lines.at("statement " + ++statements);
        begun = false;
        reading = true;
        opening = null;
        previousClosing = null;
        closing = null;
        entries = 0;
    }

    private void startEntry() {
        lines.at("statement " + statements + ", entry " + ++entries);
        begin();
        entry = new Movement();
    }

    private void startDetail() {
        Movement current = entry;
        if (current != null) {
            if (current.details.size() == MAX_DETAILS) {
                throw lines.bad("NtryDtls", "must have at most " + MAX_DETAILS + " TxDtls");
            }
            Movement started = new Movement();
            current.details.add(started);
            detail = started;
        }
    }

    /** The account stands before balances and entries. */
    private void begin() {
        if (!begun) {
            begun = true;
            reading = lines.begins("Acct/Id", account);
        }
    }

    private void end(String name) {
        if (!document) {
            return;
        }
        if (name.equals("Document")) {
            document = false;
            return;
        }
        String value = text.toString().strip();
        text.setLength(0);
        String here = field();
        path.setLength(path.lastIndexOf("/"));
        if (here.equals("Stmt")) {
            begin();
            lines.at("statement " + statements);
            if (reading) {
                lines.balances("CLBD", opening != null ? opening : previousClosing, closing);
            }
        } else if (here.equals("Stmt/Acct/Id/IBAN") || here.equals("Stmt/Acct/Id/Othr/Id")) {
            account = value;
        } else if (here.startsWith("Stmt/Bal")) {
            begin();
            if (reading) {
                endOfBalance(here, value);
            }
        } else if (entry != null && reading && here.startsWith("Stmt/Ntry")) {
            if (detail != null && here.startsWith("Stmt/Ntry/NtryDtls/TxDtls")) {
                endOfDetail(here.substring("Stmt/Ntry/NtryDtls/TxDtls".length()), value, detail);
            } else {
                endOfEntry(here, value, entry);
            }
        }
    }

    private void endOfBalance(String here, String value) {
        switch (here) {
            case "Stmt/Bal/Tp/CdOrPrtry/Cd" -> balanceType = value;
            case "Stmt/Bal/Amt" -> balance = lines.amount("Bal/Amt", value);
            case "Stmt/Bal/CdtDbtInd" -> balanceIndicator = value;
            case "Stmt/Bal" -> {
                switch (balanceType) {
                    case "OPBD" -> opening = opening == null ? stated() : opening;
                    case "PRCD" -> previousClosing = stated();
                    case "CLBD" -> closing = stated();
                    default -> {
                        // Available and forward balances say nothing about the entries.
                    }
                }
            }
            default -> {
                // Dates and sub-types of balances.
            }
        }
    }

    private Long stated() {
        if (balance == null) {
            throw lines.bad("Bal/Amt", "is required");
        }
        return signed("Bal/CdtDbtInd", balance, balanceIndicator);
    }

    private void endOfEntry(String here, String value, Movement of) {
        switch (here) {
            case "Stmt/Ntry/Amt" -> of.amount = lines.amount("Ntry/Amt", value);
            case "Stmt/Ntry/CdtDbtInd" -> of.indicator = value;
            case "Stmt/Ntry/Sts", "Stmt/Ntry/Sts/Cd" -> of.status = value.isEmpty() ? of.status : value;
            case "Stmt/Ntry/BookgDt/Dt", "Stmt/Ntry/BookgDt/DtTm" -> of.booked = lines.date("Ntry/BookgDt", value);
            case "Stmt/Ntry/ValDt/Dt", "Stmt/Ntry/ValDt/DtTm" -> of.valued = lines.date("Ntry/ValDt", value);
            case "Stmt/Ntry/AcctSvcrRef" -> of.theirs = lines.reference("Ntry/AcctSvcrRef", value);
            case "Stmt/Ntry/NtryDtls/Btch/PmtInfId" -> of.batch = lines.reference("Btch/PmtInfId", value);
            case "Stmt/Ntry/NtryDtls/Btch/MsgId" ->
                of.batch = of.batch.isEmpty() ? lines.reference("Btch/MsgId", value) : of.batch;
            case "Stmt/Ntry" -> {
                entry = null;
                take(of);
            }
            default -> {
                // Of no interest here.
            }
        }
    }

    private void endOfDetail(String here, String value, Movement of) {
        switch (here) {
            case "/Amt" -> {
                if (sameCurrency()) {
                    of.amount = lines.amount("TxDtls/Amt", value);
                    of.own = true;
                }
            }
            case "/AmtDtls/TxAmt/Amt" -> {
                if (sameCurrency() && !of.own) {
                    of.amount = lines.amount("TxDtls/AmtDtls/TxAmt/Amt", value);
                }
            }
            case "/CdtDbtInd" -> of.indicator = value;
            case "/Refs/EndToEndId" -> of.endToEnd = lines.reference("Refs/EndToEndId", value);
            case "/Refs/AcctSvcrRef" -> of.theirs = lines.reference("Refs/AcctSvcrRef", value);
            case "/RmtInf/Strd/CdtrRefInf/Ref" -> of.creditor = lines.reference("CdtrRefInf/Ref", value);
            case "" -> detail = null;
            default -> {
                // Of no interest here.
            }
        }
    }

    private boolean sameCurrency() {
        return detailCurrency.equals(lines.currency());
    }

    private void take(Movement of) {
        if (of.amount == null) {
            throw lines.bad("Ntry/Amt", "is required");
        }
        long amount = signed("Ntry/CdtDbtInd", of.amount, String.valueOf(of.indicator));
        if (!of.status.equals("BOOK")) {
            if (of.status.isEmpty()) {
                throw lines.bad("Ntry/Sts", "is required");
            }
            lines.passOver();
            return;
        }
        LocalDate booked = of.booked != null ? of.booked : of.valued;
        if (booked == null) {
            throw lines.bad("Ntry/BookgDt", "is required where there is no ValDt");
        }
        LocalDate valued = of.valued != null ? of.valued : booked;
        lines.moved("Ntry/Amt", amount);
        if (of.details.size() > 1 && addUp(of, amount)) {
            for (Movement each : of.details) {
                String theirs = each.theirs.isEmpty() ? of.theirs : each.theirs;
                lines.add(booked, valued, inDetail(of, each), each.reference(), theirs);
            }
        } else {
            String single = of.details.size() == 1 ? of.details.getFirst().reference() : "";
            lines.add(booked, valued, amount, single.isEmpty() ? of.batch : single, of.theirs);
        }
    }

    private boolean addUp(Movement of, long amount) {
        long sum = 0;
        for (Movement each : of.details) {
            if (each.amount == null) {
                return false;
            }
            try {
                sum = Math.addExact(sum, inDetail(of, each));
            } catch (ArithmeticException tooLarge) {
                return false; // and so not the entry's amount
            }
        }
        return sum == amount;
    }

    private long inDetail(Movement of, Movement each) {
        long amount = each.amount == null ? 0 : each.amount;
        String indicator = each.indicator == null ? String.valueOf(of.indicator) : each.indicator;
        return signed("TxDtls/CdtDbtInd", amount, indicator);
    }

    private long signed(String field, long amount, String indicator) {
        return switch (indicator) {
            case "CRDT" -> amount;
            case "DBIT" -> -amount;
            default -> throw lines.bad(field, "must be CRDT or DBIT");
        };
    }

    /** The path of the element from its statement on, e.g. {@code Stmt/Ntry/Amt}. */
    private String field() {
        int from = STATEMENT.length() - "Stmt".length();
        return path.length() >= from ? path.substring(from) : "";
    }

    private static String brief(String namespace) {
        int last = namespace.lastIndexOf(':') + 1;
        return namespace.length() - last > 40 ? "something else" : namespace.substring(last);
    }
}
