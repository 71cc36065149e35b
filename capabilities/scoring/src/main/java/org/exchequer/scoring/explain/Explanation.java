package org.exchequer.scoring.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.model.Calibration;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.model.Score;
import org.exchequer.scoring.model.Score.Contribution;

/**
 * A decision for a person to read.
 *
 * @param summary what was decided, and from what
 * @param reasons what moved the score most, the strongest first
 * @param restPoints what all that is not among the reasons moved it by together, in log odds
 */
public record Explanation(String summary, List<Reason> reasons, double restPoints) {

    /**
     * One reason.
     *
     * @param points in log odds
     * @param share of all that moved the score, up or down, 0 to 1
     */
    public record Reason(String what, float value, double points, double share, String sentence) {}

    /**
     * How much a feature or member matters in general.
     *
     * @param points mean absolute points over payments after training
     * @param share of all, 0 to 1
     */
    public record Importance(String what, double points, double share) {}

    /** @param most reasons, at least 1 */
    public static Explanation of(Decision decision, Phrases phrases, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most: must be at least 1");
        }
        List<Contribution> ranked = new ArrayList<>(decision.score().contributions());
        ranked.sort(Comparator.comparingDouble((Contribution each) -> -Math.abs(each.points())));
        double all =
                ranked.stream().mapToDouble(each -> Math.abs(each.points())).sum();
        List<Reason> reasons = new ArrayList<>();
        double rest = 0;
        for (Contribution each : ranked) {
            if (reasons.size() < most && each.points() != 0) {
                double share = Math.abs(each.points()) / all;
                reasons.add(new Reason(each.what(), each.value(), each.points(), share, phrases.sentence(each)));
            } else {
                rest += each.points();
            }
        }
        return new Explanation(summary(decision), List.copyOf(reasons), rest);
    }

    /** All of it as text, a line for each reason. */
    public String text() {
        StringBuilder text = new StringBuilder(summary);
        for (Reason reason : reasons) {
            text.append(String.format(Locale.ROOT, "%n  %+.2f  %s", reason.points(), reason.sentence()));
        }
        return text.append(String.format(Locale.ROOT, "%n  %+.2f  Everything else.", restPoints))
                .toString();
    }

    /** What matters to a model in general, the most important first. */
    public static List<Importance> importance(Ensemble ensemble) {
        List<String> what = new ArrayList<>(ensemble.parts().features().names());
        ensemble.parts().members().forEach(member -> {
            if (!(member instanceof org.exchequer.scoring.model.Member.Trees)) {
                what.add(member.name());
            }
        });
        List<Double> points = ensemble.parts().importance();
        double all = points.stream().mapToDouble(each -> each).sum();
        List<Importance> ranked = new ArrayList<>();
        for (int i = 0; i < what.size(); i++) {
            ranked.add(new Importance(what.get(i), points.get(i), all > 0 ? points.get(i) / all : 0));
        }
        ranked.sort(Comparator.comparingDouble(Importance::points).reversed());
        return List.copyOf(ranked);
    }

    private static String summary(Decision decision) {
        Score score = decision.score();
        Blend blend = decision.blend();
        Calibration.Interval interval = score.interval();
        String why = switch (decision.outcome()) {
            case APPROVE -> "Approved: below " + number(blend.approveBelow());
            case REVIEW ->
                "For review: from " + number(blend.approveBelow()) + " on and below " + number(blend.rejectFrom());
            case REJECT -> "Rejected: from " + number(blend.rejectFrom()) + " on";
            case EMERGENCY_REVIEW -> "Rejected, and for review at once: from " + number(blend.emergencyFrom()) + " on";
        };
        return why
                + String.format(
                        Locale.ROOT,
                        ". Score %.3f, from model %s with probability %.3f (90 %% between %.3f and %.3f)%s%s.",
                        decision.blended(),
                        score.model(),
                        score.probability(),
                        interval.low(),
                        interval.high(),
                        and("rules", decision.rules()),
                        and("review", decision.review()));
    }

    private static String and(String what, OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, ", %s %.3f", what, value.getAsDouble()) : "";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value).replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    /** Whether money went through. */
    static boolean passes(Outcome outcome) {
        return switch (outcome) {
            case APPROVE -> true;
            case REVIEW, REJECT, EMERGENCY_REVIEW -> false;
        };
    }
}
