package org.exchequer.lab.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.Violation;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.load.Series;
import org.exchequer.lab.scenario.Headline;
import org.exchequer.lab.scenario.RunReport;
import org.exchequer.lab.scenario.RunReport.NamedFinding;
import tools.jackson.databind.json.JsonMapper;

/** The page of a run: one file that needs no network. */
public final class Report {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Report() {}

    /** Renders it; the same run always gives the same page. */
    public static String html(RunReport run) {
        String body = String.join(
                "\n",
                head(run),
                violation(run),
                tiles(run),
                chart(run),
                invariants(run),
                faults(run),
                planted(run),
                troubles(run),
                notTested(run),
                facts(run));
        // "</" must not appear inside a script element.
        String points =
                MAPPER.writeValueAsString(Map.of("points", run.points())).replace("</", "<\\/");
        String scripts = "<script type=\"application/json\" id=\"points\">" + points + "</script>\n<script>\n"
                + Html.resource("report.js") + "</script>";
        return Html.page("Lab: " + run.scenario() + ", seed " + run.seed(), body, scripts);
    }

    private static String head(RunReport run) {
        return """
                <div class="head"><h1>%s</h1><span class="quiet">seed %d · %s · %s</span></div>
                <p class="summary">%s</p>
                <div class="verdict %s"><strong>%s</strong><p>%s</p></div>""".formatted(
                        Html.text(run.scenario()),
                        run.seed(),
                        Html.text(run.startedAt()),
                        Html.seconds(run.lengthMs()),
                        Html.text(run.summary()),
                        run.verdict(),
                        run.verdict(),
                        Html.text(run.sentence()));
    }

    /** The first violation in the order of the findings, as a story. */
    private static String violation(RunReport run) {
        Optional<Finding> broken = run.findings().stream()
                .map(NamedFinding::finding)
                .filter(finding -> finding.verdict() == Verdict.INVALID)
                .findFirst();
        if (broken.isEmpty() || broken.get().first().isEmpty()) {
            return "";
        }
        Violation first = broken.get().first().get();
        String story = first.story().stream()
                .map(line -> "<li class=\"code\">" + Html.text(line) + "</li>")
                .collect(Collectors.joining("\n"));
        return card(
                "The first violation",
                broken.get().checker(),
                "<div class=\"body\"><p>" + Html.text(first.summary()) + "</p><ol class=\"story\">" + story
                        + "</ol></div>");
    }

    private static String tiles(RunReport run) {
        Series.Totals totals = run.totals();
        long bit = run.faults().stream().filter(FaultRecord::bit).count();
        long takeovers = Math.max(0, run.takeovers().size() - 1);
        return "<div class=\"tiles\">"
                + tile(Html.number(totals.operations()), "operations asked")
                + tile(Html.number(totals.done()), "done" + share(run, Headline::donePermille, totals.done()))
                + tile(
                        Html.number(totals.rejected()),
                        "rejected for good" + share(run, Headline::rejectedPermille, totals.rejected()))
                + tile(
                        Html.number(totals.refused()),
                        "never done" + share(run, Headline::refusedPermille, totals.refused()))
                + tile(
                        Html.number(totals.unknown()),
                        "unknown to their client" + share(run, Headline::unknownPermille, totals.unknown()))
                + run.headline()
                        .map(headline -> tile(
                                "tile wide",
                                Html.seconds(headline.gap().millis()),
                                "longest without an acknowledged write, from "
                                        + Html.seconds(headline.gap().fromMillis()) + " on"))
                        .orElse("")
                + tile(Html.micros(totals.p50Micros()), "median latency")
                + tile(Html.micros(totals.p99Micros()), "99th percentile")
                + tile(Html.micros(totals.maxMicros()), "longest")
                + tile(bit + " of " + run.faults().size(), "faults that bit")
                + tile(Html.number(takeovers), "take-overs")
                + "</div>";
    }

    private static String share(RunReport run, ToLongFunction<Headline> permille, long count) {
        return run.headline()
                .map(headline -> ", " + Headline.percent(permille.applyAsLong(headline), count))
                .orElse("");
    }

    private static String tile(String figure, String what) {
        return tile("tile", figure, what);
    }

    private static String tile(String kind, String figure, String what) {
        return "<div class=\"" + kind + "\"><b>" + Html.text(figure) + "</b><span>" + Html.text(what)
                + "</span></div>\n";
    }

    private static String chart(RunReport run) {
        String legend = legend("done", "done")
                + legend("rejected", "rejected")
                + legend("refused", "never done")
                + legend("unknown", "unknown")
                + legend("p50", "median")
                + legend("p99", "99 %")
                + legend("max", "longest");
        String idle =
                "Move over the chart to read it. Dashed: another node began to write. Shaded: a fault was in force."
                        + " Black bar at the top: the longest time without an acknowledged write.";
        String reading = "<div id=\"read\" class=\"note\" data-idle=\"" + idle + "\">" + idle + "</div>";
        return """
                <section class="card"><header><h2>What clients saw, and what was done to the program</h2>
                <div class="legend">%s</div></header>
                <div class="body"><div class="scroll">%s</div>%s</div></section>
                """.formatted(legend, Chart.of(run), reading);
    }

    private static String legend(String tone, String what) {
        return "<span><i style=\"--tone:var(--" + tone + ")\"></i>" + what + "</span>";
    }

    private static String invariants(RunReport run) {
        StringBuilder rows = new StringBuilder("<tr><th>Invariant</th><th>Verdict</th><th class=\"num\">Checked</th>"
                + "<th class=\"num\">Violations</th></tr>");
        for (NamedFinding named : run.findings()) {
            Finding finding = named.finding();
            String note = finding.note().isEmpty() ? "" : "<div class=\"note\">" + Html.text(finding.note()) + "</div>";
            rows.append("""
                    <tr><td>%s <span class="note">%s</span>%s</td>
                    <td data-label="Verdict" class="%s"><span class="tone">%s</span></td>
                    <td data-label="Checked" class="num">%s <span class="unit">%s</span></td>
                    <td data-label="Violations" class="num">%s</td></tr>
                    """.formatted(
                            Html.text(named.invariant()),
                            Html.text(finding.checker().split(",", 2)[0]),
                            note,
                            finding.verdict(),
                            finding.verdict(),
                            Html.number(finding.checked()),
                            Html.text(finding.unit()),
                            Html.number(finding.violations())));
        }
        return card("What must hold", run.findings().size() + " invariants", table(rows));
    }

    private static String faults(RunReport run) {
        if (run.faults().isEmpty()) {
            return card("Faults", "", "<div class=\"body\">None were planned.</div>");
        }
        StringBuilder rows =
                new StringBuilder("<tr><th class=\"num\">At</th><th class=\"num\">For</th><th>Fault</th><th>Bit</th>"
                        + "<th>Evidence</th></tr>");
        for (FaultRecord fault : run.faults()) {
            String evidence = fault.evidence().stream()
                    .map(line -> "<li>" + Html.text(line) + "</li>")
                    .collect(Collectors.joining());
            String met = fault.resolved().isEmpty() || fault.fault().target().equals(fault.resolved())
                    ? ""
                    : "<div class=\"note\">" + Html.text(fault.resolved()) + "</div>";
            rows.append("""
                    <tr><td data-label="At" class="num">%s</td><td data-label="For" class="num">%s</td><td>%s%s</td>
                    <td data-label="Bit" class="%s"><span class="tone">%s</span></td><td><ul>%s</ul></td></tr>
                    """.formatted(
                            Html.seconds(fault.beganMs()),
                            Html.seconds(fault.endedMs() - fault.beganMs()),
                            Html.text(fault.fault().describe()),
                            met,
                            fault.bit() ? "VALID" : "UNKNOWN",
                            fault.bit() ? "yes" : "no",
                            evidence));
        }
        return card("Faults, and the evidence that each bit", run.faults().size() + " carried out", table(rows));
    }

    private static String planted(RunReport run) {
        if (run.planted().isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder(
                "<tr><th>Bug planted in a copy of this run's evidence</th>" + "<th>Caught</th><th>By</th></tr>");
        for (RunReport.Planted bug : run.planted()) {
            boolean caught = !bug.caughtBy().isEmpty();
            rows.append("""
                    <tr><td>%s</td><td data-label="Caught" class="%s"><span class="tone">%s</span></td>
                    <td data-label="By">%s</td></tr>
                    """.formatted(
                            Html.text(bug.bug()),
                            caught ? "VALID" : "INVALID",
                            caught ? "yes" : "NO",
                            Html.text(String.join(", ", bug.caughtBy()))));
        }
        long caught =
                run.planted().stream().filter(bug -> !bug.caughtBy().isEmpty()).count();
        return card(
                "Would the checkers have noticed?",
                caught + " of " + run.planted().size() + " planted bugs caught",
                table(rows));
    }

    private static String troubles(RunReport run) {
        if (run.troubles().isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder(
                "<tr><th>Instead of an outcome, an attempt brought</th>" + "<th class=\"num\">Attempts</th></tr>");
        run.troubles()
                .forEach(trouble -> rows.append("<tr><td>%s</td><td data-label=\"Attempts\" class=\"num\">%s</td></tr>"
                        .formatted(Html.text(trouble.what()), Html.number(trouble.count()))));
        return card("What clients met", "each was tried again under the same key", table(rows));
    }

    private static String notTested(RunReport run) {
        List<String> lines = run.notTested();
        String items =
                lines.stream().map(line -> "<li>" + Html.text(line) + "</li>").collect(Collectors.joining());
        return card("What this run says nothing about", "", "<div class=\"body\"><ul>" + items + "</ul></div>");
    }

    private static String facts(RunReport run) {
        String epochs = run.takeovers().stream()
                .map(epoch -> epoch.epoch() + " (" + epoch.node() + ")")
                .collect(Collectors.joining(", "));
        return card("To play it again", "", """
                <div class="body"><dl>
                <dt>Command</dt><dd><code>%s</code></dd>
                <dt>Seed</dt><dd>%d</dd>
                <dt>Load</dt><dd>%s operations/s for %s on %d nodes, open loop%s</dd>
                <dt>99th percentile from the first attempt</dt><dd>%s (without correction for coordinated omission)</dd>
                <dt>Epochs that wrote</dt><dd>%s</dd>
                <dt>Program</dt><dd>%s</dd>
                <dt>Machine</dt><dd>%s</dd>
                <dt>Took</dt><dd>%s with setting up and checking</dd>
                </dl></div>""".formatted(
                        Html.text(run.replay()),
                        run.seed(),
                        Html.number(run.perSecond()),
                        Html.seconds(run.lengthMs()),
                        run.nodes(),
                        run.shed() == 0 ? "" : ", " + Html.number(run.shed()) + " left out: too many under way",
                        Html.micros(run.totals().serviceP99Micros()),
                        Html.text(epochs),
                        Html.text(run.program()),
                        Html.text(run.machine()),
                        Html.seconds(run.tookMs())));
    }

    private static String card(String title, String aside, String content) {
        return "<section class=\"card\"><header><h2>" + Html.text(title) + "</h2><span class=\"quiet\">"
                + Html.text(aside) + "</span></header>" + content + "</section>";
    }

    static String table(StringBuilder rows) {
        return "<div class=\"scroll\"><table>" + rows + "</table></div>";
    }
}
