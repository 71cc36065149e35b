package org.exchequer.console.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.console.view.DayMark;
import org.exchequer.console.view.SlaBoard;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Statistics;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How inward clearing keeps its service level, now and over a day. */
@Controller
public final class InwardController {
    private static final Duration DAY = Duration.ofHours(23);
    /** As many orders as are looked through for those of the day. */
    private static final int ORDERS = 200;

    private static final int TOLD = 12;

    static final String STREAM = InwardPages.ROOT + "/stream";

    private final Statistics statistics;
    private final Optional<Controls> controls;
    private final LiveStreams streams;
    private final Clock clock;

    InwardController(Statistics statistics, Optional<Controls> controls, LiveStreams streams, Clock clock) {
        this.statistics = statistics;
        this.controls = controls;
        this.streams = streams;
        this.clock = clock;
        for (Window window : Window.values()) {
            streams.add(
                    topic(window), "console/inward", "live", () -> Map.of("window", window, "board", board(window)));
        }
    }

    /** How far back the figures go. */
    public enum Window {
        M5("5m", "5 minutes", Duration.ofMinutes(5)),
        H1("1h", "hour", Duration.ofHours(1)),
        H24("24h", "24 hours", Duration.ofHours(24));

        private final String code;
        private final String name;
        private final Duration length;

        Window(String code, String name, Duration length) {
            this.code = code;
            this.name = name;
            this.length = length;
        }

        public String code() {
            return code;
        }

        /** As in "the last hour". */
        public String words() {
            return name;
        }

        static Window of(String code) {
            for (Window window : values()) {
                if (window.code.equals(code)) {
                    return window;
                }
            }
            return H1;
        }
    }

    @GetMapping(InwardPages.ROOT)
    String dashboard(@RequestParam(defaultValue = "") String window, Model model) {
        Window chosen = Window.of(window);
        model.addAttribute("windows", Window.values());
        model.addAttribute("window", chosen);
        try {
            Instant now = clock.instant();
            List<Figures> hours = statistics.hours(now.minus(DAY), now.plus(Statistics.GRAIN));
            model.addAttribute("trends", SlaBoard.trends(hours));
            List<DayMark> marks =
                    DayMark.of(hours, controls.map(all -> all.latest(ORDERS)).orElse(List.of()));
            model.addAttribute("marks", marks);
            model.addAttribute("told", marks.reversed().stream().limit(TOLD).toList());
            model.addAttribute("heat", SlaBoard.heat(hours));
            model.addAttribute("hours", SlaBoard.hourNames(hours));
            model.addAttribute("board", board(chosen));
        } catch (PaymentsUnavailableException away) {
            model.addAttribute("board", null);
        }
        return "console/inward";
    }

    /** The part that changes while somebody looks. */
    @GetMapping(STREAM)
    void stream(
            @RequestParam(defaultValue = "") String window, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        streams.show(topic(Window.of(window)), request, response);
    }

    private static String topic(Window window) {
        return "board-" + window.code;
    }

    private SlaBoard board(Window window) {
        Instant now = clock.instant();
        Instant from = now.minus(window.length);
        return SlaBoard.of(
                statistics.figures(from, now), statistics.figures(from.minus(window.length), from), statistics.live());
    }
}
