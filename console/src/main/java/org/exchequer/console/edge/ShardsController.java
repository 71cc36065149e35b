package org.exchequer.console.edge;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.exchequer.console.view.Amounts;
import org.exchequer.console.view.Moment;
import org.exchequer.kernel.Currency;
import org.exchequer.shards.api.InDoubt;
import org.exchequer.shards.api.Shards;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/** Shards with their slots, positions and what each has sent; what is in transit and in doubt; the last move. */
@Controller
public final class ShardsController {
    private static final int SHOWN = 200;

    private final Shards shards;

    ShardsController(Shards shards) {
        this.shards = shards;
    }

    /** A shard's line. */
    public record Line(String name, String slots, String moving, String position, List<String> netSent) {
        static Line of(Shards.View view) {
            return new Line(
                    view.name(),
                    Amounts.count(view.slots()),
                    view.moving() == 0 ? "" : Amounts.count(view.moving()),
                    view.position() < 0 ? "does not answer" : Amounts.count(view.position()),
                    amounts(view.netSent()));
        }

        private static List<String> amounts(Map<String, Long> sums) {
            return sums.entrySet().stream().map(Line::amount).toList();
        }

        private static String amount(Map.Entry<String, Long> sum) {
            Currency currency = Currency.of(sum.getKey());
            return Amounts.text(sum.getValue(), currency) + " " + currency.code();
        }
    }

    /** A transaction that has not ended on all its shards. */
    public record Open(String key, String state, String over, String amount, Moment since, String seenFor) {
        static Open of(InDoubt found) {
            return new Open(
                    found.key(),
                    found.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    String.join(
                            " → ",
                            found.shards().stream().map(shard -> "s" + shard).toList()),
                    Amounts.text(found.amount()) + " "
                            + found.amount().currency().code(),
                    Moment.of(found.since()),
                    found.seenFor().toSeconds() + " s");
        }
    }

    @GetMapping(ShardsPages.PATH)
    ModelAndView page() {
        List<InDoubt> inDoubt = shards.inDoubt();
        List<Shards.View> views = shards.shards();
        ModelAndView page = new ModelAndView("console/shards");
        page.addObject("lines", views.stream().map(Line::of).toList());
        page.addObject(
                "inTransit",
                Shards.inTransit(views)
                        .map(sums -> sums.isEmpty() ? List.of("nothing") : Line.amounts(sums))
                        .orElse(List.of("not known: a shard does not answer")));
        page.addObject("version", Amounts.count(shards.version()));
        page.addObject("limit", shards.limit().toSeconds());
        page.addObject("inDoubt", Amounts.count(inDoubt.size()));
        page.addObject("open", inDoubt.stream().limit(SHOWN).map(Open::of).toList());
        page.addObject("move", shards.lastMove());
        return page;
    }
}
