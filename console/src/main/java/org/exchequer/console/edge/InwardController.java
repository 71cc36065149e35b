package org.exchequer.console.edge;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.exchequer.console.view.SlaBoard;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Statistics;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** How inward clearing keeps its service level, now and over a day. */
@Controller
public final class InwardController {
    private static final Duration DAY = Duration.ofHours(23);

    private final Statistics statistics;
    private final Clock clock;

    InwardController(Statistics statistics, Clock clock) {
        this.statistics = statistics;
        this.clock = clock;
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
            model.addAttribute("heat", SlaBoard.heat(hours));
            model.addAttribute("hours", SlaBoard.hourNames(hours));
            model.addAttribute("board", board(chosen));
        } catch (PaymentsUnavailableException away) {
            model.addAttribute("board", null);
        }
        return "console/inward";
    }

    /** The part that refreshes itself. */
    @GetMapping(InwardPages.ROOT + "/live")
    Object live(@RequestParam(defaultValue = "") String window, @RequestParam(defaultValue = "") String seen) {
        Window chosen = Window.of(window);
        SlaBoard board;
        try {
            board = board(chosen);
        } catch (PaymentsUnavailableException away) {
            return ResponseEntity.status(503).header("Retry-After", "2").build();
        }
        if (board.seen().equals(seen)) {
            return ResponseEntity.noContent().build();
        }
        ModelAndView fragment = new ModelAndView("console/inward :: live");
        fragment.addObject("window", chosen);
        fragment.addObject("board", board);
        return fragment;
    }

    private SlaBoard board(Window window) {
        Instant now = clock.instant();
        Instant from = now.minus(window.length);
        return SlaBoard.of(
                statistics.figures(from, now), statistics.figures(from.minus(window.length), from), statistics.live());
    }
}
