package org.exchequer.reconciliation.edge.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation;
import org.exchequer.reconciliation.api.Reconciliation.Break;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Reconciliation.Match;
import org.exchequer.reconciliation.api.Rule;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of a reconciliation, to be kept and compared. No wall time and no file name is in it: the same account,
 * lines
 * and rules give the same bytes.
 *
 * @param account code of the ledger's account
 * @param currency of all amounts
 * @param from first booking date of the ledger's lines
 * @param to last one; ages are counted up to it
 * @param statement SHA-256 of the external statement, in hex
 * @param theirAccount what the statement calls the account
 * @param opening the statement's opening balance
 * @param closing the statement's closing balance
 */
public record ReconciliationReport(
        String account,
        Currency currency,
        LocalDate from,
        LocalDate to,
        String statement,
        String theirAccount,
        Optional<Money> opening,
        Optional<Money> closing,
        List<Rule> rules,
        List<Line> ours,
        List<Line> theirs,
        Reconciliation result) {
    /** Names of the files that {@link #write} makes. */
    public static final List<String> FILES = List.of("reconciliation.json", "breaks.csv", "matches.csv", "summary.txt");

    /** Most breaks of the summary. */
    private static final int SHOWN = 50;

    /** Writes all files into a folder that exists. */
    public void write(Path folder) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(FILES.get(0)))) {
            writeJson(out);
        }
        try (Writer out = Files.newBufferedWriter(folder.resolve(FILES.get(1)))) {
            writeBreaks(out);
        }
        try (Writer out = Files.newBufferedWriter(folder.resolve(FILES.get(2)))) {
            writeMatches(out);
        }
        Files.writeString(folder.resolve(FILES.get(3)), summary());
    }

    /** Totals and breaks. */
    public void writeJson(OutputStream out) {
        ObjectWriter writer = JsonMapper.shared()
                .writer()
                .with(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
        try (JsonGenerator json = writer.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("account", account);
            json.writeStringProperty("currency", currency.code());
            json.writeStringProperty("from", from.toString());
            json.writeStringProperty("to", to.toString());
            json.writeStringProperty("statementSha256", statement);
            json.writeStringProperty("statementAccount", theirAccount);
            opening.ifPresent(balance -> json.writeStringProperty("openingBalance", balance.toDecimal()));
            closing.ifPresent(balance -> json.writeStringProperty("closingBalance", balance.toDecimal()));
            json.writeName("rules");
            json.writeStartArray();
            Map<Rule, Long> byRule = matchesBy();
            for (Rule rule : rules) {
                json.writeStartObject();
                json.writeStringProperty("name", rule.name());
                json.writeStringProperty("shape", rule.shape().name());
                json.writeBooleanProperty("sameReference", rule.sameReference());
                json.writeStringProperty("tolerance", decimal(rule.tolerance()));
                json.writeNumberProperty("windowDays", rule.windowDays());
                json.writeNumberProperty("matches", byRule.getOrDefault(rule, 0L));
                json.writeEndObject();
            }
            json.writeEndArray();
            side(json, "ours", ours);
            side(json, "theirs", theirs);
            json.writeNumberProperty("matches", result.matches().size());
            json.writeStringProperty("matchedDifference", decimal(matchedDifference()));
            json.writeName("breakTypes");
            json.writeStartObject();
            breaksBy().forEach((type, count) -> json.writeNumberProperty(type.name(), count));
            json.writeEndObject();
            json.writeName("breaks");
            json.writeStartArray();
            for (Break each : result.breaks()) {
                json.writeStartObject();
                json.writeStringProperty("type", each.type().name());
                json.writeStringProperty("since", each.since().toString());
                json.writeNumberProperty("ageDays", ageDays(each));
                json.writeStringProperty("difference", decimal(each.difference()));
                lines(json, "ours", each.ours());
                lines(json, "theirs", each.theirs());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    /** What {@link #writeJson} writes, as text. */
    public String json() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeJson(out);
        return out.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private void side(JsonGenerator json, String name, List<Line> lines) {
        json.writeName(name);
        json.writeStartObject();
        json.writeNumberProperty("lines", lines.size());
        json.writeStringProperty("sum", decimal(Reconciliation.sum(lines)));
        json.writeEndObject();
    }

    private void lines(JsonGenerator json, String name, List<Line> lines) {
        json.writeName(name);
        json.writeStartArray();
        for (Line line : lines) {
            json.writeStartObject();
            json.writeStringProperty("id", line.id());
            json.writeStringProperty("date", line.date().toString());
            json.writeStringProperty("amount", decimal(line.amount()));
            json.writeStringProperty("reference", line.reference());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** One row per break; what a side does not have is empty. */
    void writeBreaks(Writer out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, CSVFormat.RFC4180);
        csv.printRecord(
                "type",
                "since",
                "ageDays",
                "difference",
                "ourId",
                "ourDate",
                "ourAmount",
                "ourReference",
                "theirId",
                "theirDate",
                "theirAmount",
                "theirReference");
        for (Break each : result.breaks()) {
            csv.print(each.type());
            csv.print(each.since());
            csv.print(ageDays(each));
            csv.print(decimal(each.difference()));
            cells(csv, each.ours());
            cells(csv, each.theirs());
            csv.println();
        }
        csv.flush();
    }

    private void cells(CSVPrinter csv, List<Line> lines) throws IOException {
        if (lines.isEmpty()) {
            csv.print("");
            csv.print("");
            csv.print("");
            csv.print("");
            return;
        }
        Line line = lines.getFirst();
        csv.print(line.id());
        csv.print(line.date());
        csv.print(decimal(line.amount()));
        csv.print(line.reference());
    }

    /** One row per line; those of one match have its number. */
    void writeMatches(Writer out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, CSVFormat.RFC4180);
        csv.printRecord("match", "rule", "side", "id", "date", "amount", "reference");
        long number = 0;
        for (Match match : result.matches()) {
            number++;
            for (Line line : match.ours()) {
                row(csv, number, match, "ours", line);
            }
            for (Line line : match.theirs()) {
                row(csv, number, match, "theirs", line);
            }
        }
        csv.flush();
    }

    private void row(CSVPrinter csv, long number, Match match, String side, Line line) throws IOException {
        csv.printRecord(
                number, match.rule().name(), side, line.id(), line.date(), decimal(line.amount()), line.reference());
    }

    /** For people. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        text.append("Reconciliation of ")
                .append(account)
                .append(" (")
                .append(currency)
                .append(")\n");
        text.append("booked ").append(from).append(" to ").append(to).append('\n');
        text.append("statement ").append(theirAccount.isEmpty() ? "" : "of " + theirAccount + ", ");
        text.append("SHA-256 ").append(statement).append("\n\n");
        text.append("%-38s %,12d lines  %24s\n".formatted("ours", ours.size(), decimal(Reconciliation.sum(ours))));
        text.append(
                "%-38s %,12d lines  %24s\n".formatted("theirs", theirs.size(), decimal(Reconciliation.sum(theirs))));
        matchesBy().forEach((rule, count) -> text.append("%-38s %,12d matches\n".formatted(rule.name(), count)));
        text.append("%-38s %,12d matches %24s\n"
                .formatted("matched, theirs minus ours", result.matches().size(), decimal(matchedDifference())));
        if (result.breaks().isEmpty()) {
            return text.append("\nno breaks\n").toString();
        }
        breaksBy().forEach((type, count) -> text.append("%-38s %,12d breaks\n".formatted(type.words(), count)));
        text.append('\n');
        result.breaks().stream().limit(SHOWN).forEach(each -> text.append(line(each)));
        if (result.breaks().size() > SHOWN) {
            text.append("and %,d more\n".formatted(result.breaks().size() - SHOWN));
        }
        return text.toString();
    }

    private String line(Break each) {
        String ours =
                each.ours().isEmpty() ? "-" : decimal(each.ours().getFirst().amount());
        String theirs =
                each.theirs().isEmpty() ? "-" : decimal(each.theirs().getFirst().amount());
        String reference =
                (each.ours().isEmpty() ? each.theirs() : each.ours()).getFirst().reference();
        return "%-14s %s %5d days  ours %16s  theirs %16s  %s\n"
                .formatted(each.type().words(), each.since(), ageDays(each), ours, theirs, reference)
                .replaceAll(" +\n", "\n");
    }

    private long ageDays(Break each) {
        return Math.max(0, to.toEpochDay() - each.since().toEpochDay());
    }

    private Map<Rule, Long> matchesBy() {
        Map<Rule, Long> counts = new LinkedHashMap<>();
        rules.forEach(rule -> counts.put(rule, 0L));
        result.matches().forEach(match -> counts.merge(match.rule(), 1L, Long::sum));
        return counts;
    }

    private Map<BreakType, Integer> breaksBy() {
        Map<BreakType, Integer> counts = new EnumMap<>(BreakType.class);
        result.breaks().forEach(each -> counts.merge(each.type(), 1, Integer::sum));
        return counts;
    }

    private long matchedDifference() {
        long sum = 0;
        for (Match match : result.matches()) {
            sum = Math.addExact(sum, match.difference());
        }
        return sum;
    }

    private String decimal(long minorUnits) {
        return new Money(minorUnits, currency).toDecimal();
    }
}
