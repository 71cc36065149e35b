package org.exchequer.reconciliation.edge.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Rule;
import org.exchequer.reconciliation.core.Reconciler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationReportTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 10);

    @TempDir
    private Path folder = Path.of("");

    private static ReconciliationReport report(List<Line> ours, List<Line> theirs) {
        List<Rule> rules = Rule.usual(1, 3, false);
        return new ReconciliationReport(
                "1000.nostro",
                Currency.of("EUR"),
                DAY,
                DAY.plusDays(9),
                "00ff",
                "DE02",
                Optional.of(Money.of(0, "EUR")),
                Optional.empty(),
                rules,
                ours,
                theirs,
                Reconciler.reconcile(ours, theirs, rules));
    }

    @Test
    void the_same_lines_in_any_order_give_the_same_bytes() throws Exception {
        List<Line> ours = lines("o");
        List<Line> theirs = lines("t");
        Path first = Files.createDirectory(folder.resolve("1"));
        report(ours, theirs).write(first);
        for (long seed = 0; seed < 5; seed++) {
            Collections.shuffle(ours, new Random(seed));
            Collections.shuffle(theirs, new Random(seed));
            Path second = Files.createDirectory(folder.resolve("s" + seed));
            report(ours, theirs).write(second);
            for (String file : ReconciliationReport.FILES) {
                assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
            }
        }
    }

    private static List<Line> lines(String side) {
        Random random = new Random(side.hashCode());
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            lines.add(new Line(
                    side + i, DAY.plusDays(random.nextInt(9)), random.nextInt(50) - 20, "R" + random.nextInt(200)));
        }
        return lines;
    }

    @Test
    void says_what_matches_and_what_does_not() throws Exception {
        List<Line> ours = List.of(
                new Line("1/0", DAY, 1_050, "INV-7"),
                new Line("2/0", DAY, -300, "FEE"),
                new Line("3/1", DAY, 500, "INV-8"));
        List<Line> theirs = List.of(new Line("a", DAY.plusDays(1), 1_050, "INV-7"), new Line("b", DAY, 700, "INV-8"));
        ReconciliationReport report = report(ours, theirs);
        report.write(folder);
        assertThat(folder.resolve("breaks.csv")).hasContent("""
                type,since,ageDays,difference,ourId,ourDate,ourAmount,ourReference,theirId,\
                theirDate,theirAmount,theirReference
                MISSING_THERE,2026-03-10,9,3.00,2/0,2026-03-10,-3.00,FEE,,,,
                AMOUNT,2026-03-10,9,2.00,3/1,2026-03-10,5.00,INV-8,b,2026-03-10,7.00,INV-8
                """);
        assertThat(folder.resolve("matches.csv")).hasContent("""
                match,rule,side,id,date,amount,reference
                1,"reference, amount",ours,1/0,2026-03-10,10.50,INV-7
                1,"reference, amount",theirs,a,2026-03-11,10.50,INV-7
                """);
        assertThat(report.json())
                .contains("\"breakTypes\" : {\n    \"AMOUNT\" : 1,\n    \"MISSING_THERE\" : 1\n  }")
                .contains("\"openingBalance\" : \"0.00\"");
        assertThat(report.summary())
                .contains("missing there                                     1 breaks\n")
                .contains("other amount   2026-03-10     9 days  ours             5.00  "
                        + "theirs             7.00  INV-8\n");
    }
}
