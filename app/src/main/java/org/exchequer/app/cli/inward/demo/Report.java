package org.exchequer.app.cli.inward.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.exchequer.app.cli.inward.demo.Checks.Check;
import org.exchequer.app.cli.inward.demo.Sent.Told;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.app.cli.ledger.Table;
import org.exchequer.inward.api.Reasons;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The account of a run: what was sent and answered, how long it took, where less was done, what was checked. */
public final class Report {
    private static final int MOST_SHOWN = 5;

    private final List<Sent> sent;
    private final Evidence evidence;
    private final List<Check> checks;

    Report(List<Sent> sent, Evidence evidence, List<Check> checks) {
        this.sent = sent;
        this.evidence = evidence;
        this.checks = checks;
    }

    public boolean good() {
        return checks.stream().allMatch(Check::holds);
    }

    /** Times in nanoseconds, for percentiles; sorted when first asked. */
    private static final class Times {
        private final List<Long> all = new ArrayList<>();
        private long[] sorted = {};

        void add(long nanos) {
            all.add(nanos);
        }

        /** The least value that so much of all are not above; 0 where there are none. */
        long at(double share) {
            if (sorted.length != all.size()) {
                sorted = all.stream().mapToLong(Long::longValue).toArray();
                Arrays.sort(sorted);
            }
            return sorted.length == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        }
    }

    /** What became of the messages of one kind. */
    private record Line(
            String label, long count, long accepted, long refused, long pending, long unreadable, Times times) {
        static Line of(String label, List<Sent> sent, Predicate<Sent> which) {
            Times times = new Times();
            long[] counts = new long[5];
            for (Sent one : sent) {
                Told told = one.told();
                if (which.test(one)) {
                    counts[0]++;
                    if (told != null && told.answered()) {
                        times.add(told.tookNanos());
                        counts[told.accepted() ? 1 : told.refused() ? 2 : told.pending() ? 3 : 4]++;
                    }
                }
            }
            return new Line(label, counts[0], counts[1], counts[2], counts[3], counts[4], times);
        }
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            lines.add(Line.of(kind.label(), sent, one -> one.kind() == kind));
        }
        lines.add(Line.of("all", sent, one -> true));
        return lines;
    }

    private Map<String, Integer> refusals() {
        Map<String, Integer> codes = new TreeMap<>();
        for (Sent one : sent) {
            Told told = one.told();
            if (told != null && told.refused()) {
                codes.merge(told.code(), 1, Integer::sum);
            }
        }
        return codes;
    }

    /** How one stage went. */
    private static final class StageLine {
        private final Times times = new Times();
        private int overBudget;
        private int fallbacks;
    }

    private Map<Stage, StageLine> stages() {
        Map<Stage, StageLine> stages = new EnumMap<>(Stage.class);
        for (JsonNode payment : evidence.payments().values()) {
            Map<Stage, long[]> sums = new EnumMap<>(Stage.class);
            for (JsonNode event : payment.path("events").values()) {
                Stage stage = stage(Reply.text(event, "from"));
                if (stage != null && stage.budget().isPositive()) {
                    long[] sum = sums.computeIfAbsent(stage, key -> new long[1]);
                    sum[0] += TimeUnit.MICROSECONDS.toNanos(event.path("tookUs").asLong(0));
                }
            }
            sums.forEach((stage, sum) -> {
                StageLine line = stages.computeIfAbsent(stage, key -> new StageLine());
                line.times.add(sum[0]);
                line.overBudget += sum[0] > stage.budget().toNanos() ? 1 : 0;
            });
            for (JsonNode fallback : payment.path("fallbacks").values()) {
                for (Stage stage : Stage.values()) {
                    if (stage.name().equals(fallback.asString(""))) {
                        stages.computeIfAbsent(stage, key -> new StageLine()).fallbacks++;
                    }
                }
            }
        }
        return stages;
    }

    private static @org.jspecify.annotations.Nullable Stage stage(String state) {
        for (State one : State.values()) {
            if (one.name().equals(state)) {
                return one.stage();
            }
        }
        return null;
    }

    /** Breakers of whole partners, and how many payments found each not closed. */
    private Map<String, Integer> breakers() {
        Map<String, Integer> seen = new TreeMap<>();
        for (JsonNode payment : evidence.payments().values()) {
            payment.path("events").values().stream()
                    .flatMap(event -> event.path("breakers").values().stream())
                    .map(breaker -> breaker.asString("").replaceFirst("=.*", ""))
                    .filter(breaker -> !breaker.contains("/"))
                    .distinct()
                    .forEach(breaker -> seen.merge(breaker, 1, Integer::sum));
        }
        return seen;
    }

    private long emergencies() {
        return evidence.payments().values().stream()
                .filter(payment -> payment.path("emergency").asBoolean(false))
                .count();
    }

    public void print(PrintWriter out) {
        out.println();
        out.println("SLA report. Times in milliseconds, from when a message was to be sent to its whole answer.");
        out.println();
        Table table = new Table()
                .text("messages")
                .number("sent")
                .number("accepted")
                .number("refused")
                .number("pending")
                .number("unreadable")
                .number("p50")
                .number("p95")
                .number("p99")
                .number("max");
        for (Line line : lines()) {
            table.row(
                    line.label(),
                    Long.toString(line.count()),
                    Long.toString(line.accepted()),
                    Long.toString(line.refused()),
                    Long.toString(line.pending()),
                    Long.toString(line.unreadable()),
                    ms(line.times().at(0.5)),
                    ms(line.times().at(0.95)),
                    ms(line.times().at(0.99)),
                    ms(line.times().at(1)));
        }
        table.print(out);
        out.println();
        printRefusals(out);
        printStages(out);
        printBreakers(out);
        printChecks(out);
    }

    private void printRefusals(PrintWriter out) {
        Table table = new Table().text("refused").number("times").text("because");
        refusals()
                .forEach((code, count) ->
                        table.row(code, count.toString(), Reasons.meaning(code).orElse("")));
        table.print(out);
        out.println();
    }

    private void printStages(PrintWriter out) {
        Table table = new Table()
                .text("stage")
                .number("budget")
                .number("payments")
                .number("p50")
                .number("p95")
                .number("p99")
                .number("max")
                .number("over budget")
                .number("fallbacks");
        stages().forEach((stage, line) -> table.row(
                stage.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                Long.toString(stage.budget().toMillis()),
                Integer.toString(line.times.all.size()),
                ms(line.times.at(0.5)),
                ms(line.times.at(0.95)),
                ms(line.times.at(0.99)),
                ms(line.times.at(1)),
                Integer.toString(line.overBudget),
                Integer.toString(line.fallbacks)));
        table.print(out);
        out.println();
    }

    private void printBreakers(PrintWriter out) {
        long emergencies = emergencies();
        if (emergencies > 0) {
            out.println(
                    emergencies + " small payments were carried out without asking liquidity, which did not answer.");
            out.println();
        }
        Map<String, Integer> seen = breakers();
        if (seen.isEmpty()) {
            out.println("No payment found a breaker of a whole partner open.");
        } else {
            Table table = new Table().text("breaker of").number("payments that found it open or probing");
            seen.forEach((breaker, count) -> table.row(breaker, count.toString()));
            table.print(out);
        }
        out.println();
    }

    private void printChecks(PrintWriter out) {
        for (Check check : checks) {
            out.println((check.holds() ? "  holds  " : "  FAILS  ") + check.statement() + " (" + check.checked()
                    + " checked"
                    + (check.holds() ? ")" : ", " + check.violations().size() + " violations)"));
            check.violations().stream().limit(MOST_SHOWN).forEach(violation -> out.println("           " + violation));
            if (check.violations().size() > MOST_SHOWN) {
                out.println("           …");
            }
        }
        out.println();
        out.println(
                good()
                        ? "Every payment was answered in time, and the ledger equals the answers."
                        : "NOT every payment was answered in time, or the ledger does not equal the answers: see"
                                + " above.");
    }

    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("good", good());
        ArrayNode messages = json.putArray("messages");
        for (Line line : lines()) {
            times(
                    messages.addObject()
                            .put("kind", line.label())
                            .put("sent", line.count())
                            .put("accepted", line.accepted())
                            .put("refused", line.refused())
                            .put("pending", line.pending())
                            .put("unreadable", line.unreadable()),
                    line.times());
        }
        ObjectNode refused = json.putObject("refused");
        refusals().forEach(refused::put);
        ArrayNode stages = json.putArray("stages");
        stages().forEach((stage, line) -> times(
                stages.addObject()
                        .put("stage", stage.name())
                        .put("budgetMs", stage.budget().toMillis())
                        .put("payments", line.times.all.size())
                        .put("overBudget", line.overBudget)
                        .put("fallbacks", line.fallbacks),
                line.times));
        ObjectNode breakers = json.putObject("breakersNotClosed");
        breakers().forEach(breakers::put);
        ArrayNode checked = json.putArray("checks");
        for (Check check : checks) {
            ObjectNode one = checked.addObject()
                    .put("statement", check.statement())
                    .put("holds", check.holds())
                    .put("checked", check.checked());
            ArrayNode violations = one.putArray("violations");
            check.violations().forEach(violations::add);
        }
        return json;
    }

    private static void times(ObjectNode json, Times times) {
        json.put("p50Us", TimeUnit.NANOSECONDS.toMicros(times.at(0.5)))
                .put("p95Us", TimeUnit.NANOSECONDS.toMicros(times.at(0.95)))
                .put("p99Us", TimeUnit.NANOSECONDS.toMicros(times.at(0.99)))
                .put("maxUs", TimeUnit.NANOSECONDS.toMicros(times.at(1)));
    }

    static String ms(long nanos) {
        return nanos < 10_000_000 ? "%.1f".formatted(nanos / 1e6) : Long.toString(nanos / 1_000_000);
    }
}
