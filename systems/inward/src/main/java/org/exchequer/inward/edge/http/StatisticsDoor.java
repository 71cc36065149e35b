package org.exchequer.inward.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Live;
import org.exchequer.inward.api.Lookups;
import org.exchequer.inward.api.Report;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.Statistics;
import org.exchequer.inward.api.Timing;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Payments counted: nobody's names or accounts. */
@RestController
@RequestMapping(InwardDoors.BASE)
final class StatisticsDoor {
    private static final String TIME = "must be a time such as 2026-03-31T10:00:00Z, of the years 1900 to 2999";
    private static final String DAY = "must be a day such as 2026-03-31, of the years 1900 to 2999";

    private final Statistics statistics;

    StatisticsDoor(Statistics statistics) {
        this.statistics = statistics;
    }

    @GetMapping("/statistics")
    ResponseEntity<byte[]> statistics(
            @RequestParam String from, @RequestParam String until, HttpServletRequest request) {
        Parameters.only(request, "from", "until");
        Instant first = Parameters.parse("from", from, TIME, Parameters::time);
        Instant last = Parameters.parse("until", until, TIME, Parameters::time);
        return Parameters.answering(() -> {
            try {
                return PaymentJson.bytes(json(statistics.figures(first, last)));
            } catch (IllegalArgumentException e) {
                throw Parameters.invalid("until", "must be after from by 10 s to 400 days");
            }
        });
    }

    @GetMapping("/live")
    ResponseEntity<byte[]> live(HttpServletRequest request) {
        Parameters.only(request);
        return Parameters.answering(() -> PaymentJson.bytes(json(statistics.live())));
    }

    @GetMapping("/reports/{kind}")
    ResponseEntity<byte[]> report(
            @PathVariable String kind,
            @RequestParam String from,
            @RequestParam String until,
            @RequestParam(required = false) @Nullable String format,
            HttpServletRequest request) {
        Parameters.only(request, "from", "until", "format");
        Report.Kind wanted = Parameters.parse(
                "kind",
                kind,
                "must be sla, stages, refusals or partners",
                text -> Report.Kind.valueOf(text.toUpperCase(Locale.ROOT)));
        LocalDate first = Parameters.parse("from", from, DAY, Parameters::day);
        LocalDate last = Parameters.parse("until", until, DAY, Parameters::day);
        if (format != null && !format.equals("csv") && !format.equals("json")) {
            throw Parameters.invalid("format", "must be json or csv");
        }
        boolean csv = "csv".equals(format);
        ResponseEntity<byte[]> made = Parameters.answering(() -> {
            try {
                Report report = statistics.report(wanted, first, last);
                return csv ? report.csv().getBytes(UTF_8) : PaymentJson.bytes(json(report));
            } catch (IllegalArgumentException e) {
                throw Parameters.invalid("until", "must not be before from, and the days at most 92");
            }
        });
        return csv
                ? ResponseEntity.ok()
                        .contentType(new MediaType("text", "csv", UTF_8))
                        .header("Content-Disposition", "attachment; filename=\"" + kind + ".csv\"")
                        .body(made.getBody())
                : made;
    }

    private static ObjectNode json(Report report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = json.put("kind", report.kind().name()).putArray("rows");
        report.rows().forEach(row -> {
            ObjectNode line = rows.addObject();
            for (int i = 0; i < row.size(); i++) {
                line.put(report.columns().get(i), row.get(i));
            }
        });
        return json;
    }

    private static ObjectNode json(Figures figures) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("from", figures.from().toString())
                .put("until", figures.until().toString())
                .put("received", figures.received())
                .put("inTime", figures.inTime())
                .put("late", figures.late())
                .put("atRisk", figures.atRisk())
                .put("refused", figures.refused())
                .put("perSecond", figures.perSecond());
        figures.compliance().ifPresent(share -> json.put("compliance", share));
        timing(json, figures.timing());
        ObjectNode stages = json.putObject("stages");
        for (Stage stage : Stage.values()) {
            Figures.StageFigures of = figures.stages().get(stage);
            if (of != null) {
                ObjectNode one = stages.putObject(stage.name())
                        .put("targetUs", micros(stage.budget()))
                        .put("grantedUs", micros(of.granted()))
                        .put("fallbacks", of.fallbacks());
                timing(one, of.timing());
            }
        }
        counts(json.putObject("types"), figures.types());
        counts(json.putObject("statuses"), figures.statuses());
        counts(json.putObject("reasons"), figures.reasons());
        counts(json.putObject("breakers"), figures.breakers());
        return json;
    }

    private static void timing(ObjectNode json, Timing timing) {
        json.put("timed", timing.count())
                .put("meanUs", micros(timing.mean()))
                .put("p50Us", micros(timing.quantile(0.5)))
                .put("p95Us", micros(timing.quantile(0.95)))
                .put("p99Us", micros(timing.quantile(0.99)));
    }

    private static void counts(ObjectNode json, Map<String, Long> counts) {
        counts.forEach((name, count) -> json.put(name, count));
    }

    private static ObjectNode json(Live live) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("node", live.node())
                .put("underWay", live.underWay())
                .put("atRisk", live.atRisk())
                .put("oldestUs", micros(live.oldest()));
        ObjectNode states = json.putObject("states");
        live.states().forEach((state, count) -> states.put(state.name(), count));
        ArrayNode partners = json.putArray("partners");
        for (Live.Partner partner : live.partners()) {
            partners.addObject()
                    .put("name", partner.name())
                    .put("breaker", partner.breaker())
                    .put("averageUs", micros(partner.average()))
                    .put("calls", partner.calls())
                    .put("failures", partner.failures())
                    .put("refused", partner.refused());
        }
        lookups(json.putObject("lookups"), live.lookups());
        return json;
    }

    private static void lookups(ObjectNode json, Lookups lookups) {
        level(json.putObject("filter"), lookups.filter());
        level(json.putObject("memory"), lookups.memory());
        Lookups.Redis redis = lookups.redis();
        json.putObject("redis")
                .put("state", redis.state().name())
                .put("hits", redis.hits())
                .put("misses", redis.misses())
                .put("ignored", redis.ignored())
                .put("failed", redis.failed())
                .put("written", redis.written())
                .put("dropped", redis.dropped())
                .put("averageUs", micros(redis.average()));
        level(json.putObject("database"), lookups.database());
    }

    private static void level(ObjectNode json, Lookups.Level level) {
        json.put("hits", level.hits()).put("misses", level.misses());
    }

    private static long micros(Duration time) {
        return TimeUnit.NANOSECONDS.toMicros(time.toNanos());
    }
}
