package org.exchequer.console.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.exchequer.inward.api.PaymentDossier;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.jspecify.annotations.Nullable;

/**
 * One payment as shown; lengths are shares of a drawing's width, 0 to 100.
 *
 * @param line as in lists
 * @param facts what it is called by, who pays and gets
 * @param sla its time against the limits
 * @param events its time ledger
 * @param stages what each stage took against what it was given
 * @param checks which checks it passed, and which not
 * @param reason of a refusal; null when there is none
 * @param liquidity what the liquidity service said and has to be told
 * @param transaction of the ledger; null when there is none
 * @param received the message
 * @param answered the answer; null before
 * @param related others with the same reference or ids
 * @param risk how likely fraud is; null when that was not asked
 * @param conditions what it was decided under
 * @param review whom it is assigned to; null when nobody
 * @param done whether its answer is final
 */
public record PaymentPage(
        PaymentLine line,
        List<Fact> facts,
        List<Fact> accounts,
        SlaBar sla,
        List<Event> events,
        List<StageLine> stages,
        List<Check> checks,
        @Nullable Reason reason,
        List<Fact> liquidity,
        @Nullable Long transaction,
        String received,
        @Nullable String answered,
        List<PaymentLine> related,
        @Nullable Risk risk,
        List<Fact> conditions,
        @Nullable Review review,
        boolean done) {
    private static final double HARD_MS = 4_500;

    /** A name and its value. */
    public record Fact(String name, String value) {}

    /** From the receipt to the answer, on a scale that ends a little after the hard limit. */
    public record SlaBar(String text, String level, String width, List<String> marks, String answeredAt) {}

    /** A change of state, with its place in the whole. */
    public record Event(
            String number,
            String at,
            String work,
            String to,
            String took,
            String granted,
            String extra,
            String left,
            String used,
            boolean over,
            String start,
            String width,
            String note,
            String breach,
            boolean atRisk,
            String breakers,
            String by) {}

    /** A stage in all. */
    public record StageLine(String name, String took, String granted, String width, boolean over, boolean fellBack) {}

    /** One check. */
    public record Check(String name, String outcome, String level, String detail) {}

    /** Why it was refused. */
    public record Reason(String code, String path, String text) {}

    /** Who is to look at it. */
    public record Review(String assignee, String note, String by, Moment at) {
        static @Nullable Review of(PaymentDossier.@Nullable Review review) {
            return review == null
                    ? null
                    : new Review(review.assignee(), review.note(), review.by(), Moment.of(review.at()));
        }
    }

    /** Of fraud. */
    public record Risk(String score, String level, String decision) {}

    public static PaymentPage of(PaymentDossier dossier) {
        PaymentView view = dossier.view();
        PaymentDossier.Risk risk = dossier.risk();
        return new PaymentPage(
                PaymentLine.of(view),
                facts(dossier),
                accounts(dossier),
                sla(dossier),
                events(view),
                stages(view),
                checks(view),
                view.reasonCode() == null
                        ? null
                        : new Reason(view.reasonCode(), text(view.reasonPath()), text(view.reasonText())),
                liquidity(dossier),
                view.transaction(),
                Pretty.text(dossier.message()),
                dossier.answer() == null ? null : Pretty.text(dossier.answer()),
                dossier.related().stream().map(PaymentLine::of).toList(),
                risk == null
                        ? null
                        : new Risk(
                                String.format(Locale.ROOT, "%.4f", risk.score()),
                                text(risk.level()),
                                text(risk.decision())),
                conditions(view.conditions()),
                Review.of(dossier.review()),
                view.done());
    }

    private static List<Fact> conditions(PaymentView.Conditions held) {
        List<Fact> facts = new ArrayList<>();
        add(facts, "Configuration", held.revision() == 0 ? "as shipped" : "revision " + held.revision());
        add(facts, "Experiments", held.experiments().isEmpty() ? "none" : String.join(", ", held.experiments()));
        String orders = held.measures().stream().map(Object::toString).collect(Collectors.joining(", "));
        add(facts, "Emergency orders", orders.isEmpty() ? "none" : orders);
        return facts;
    }

    private static List<Fact> facts(PaymentDossier dossier) {
        PaymentView view = dossier.view();
        PaymentDossier.Parties parties = dossier.parties();
        List<Fact> facts = new ArrayList<>();
        add(facts, "Payment", view.id());
        add(facts, "Message", dossier.version());
        add(facts, "Message id", view.messageId());
        add(facts, "Instruction id", parties.instructionId());
        add(facts, "End-to-end id", view.endToEndId());
        add(facts, "Transaction id", parties.transactionId());
        add(facts, "UETR", view.uetr());
        add(facts, "Priority", Times.words(parties.priority()));
        add(facts, "Business date", parties.businessDate());
        add(facts, "Settlement date", parties.settlementDate());
        add(facts, "Came by", view.door() + ", to node " + view.node());
        return facts;
    }

    private static List<Fact> accounts(PaymentDossier dossier) {
        PaymentView view = dossier.view();
        List<Fact> facts = new ArrayList<>();
        add(facts, "Debtor", dossier.parties().debtorName());
        add(facts, "Debtor's account", view.debtorAccount());
        add(facts, "Sent by", view.instructingBic());
        add(facts, "Creditor", dossier.parties().creditorName());
        add(facts, "Creditor's account", view.creditorAccount());
        add(facts, "Sent to", view.instructedBic());
        view.events().stream()
                .filter(event -> event.from() == State.ACCOUNT_VALIDATION)
                .findFirst()
                .ifPresent(event -> add(
                        facts,
                        "Core banking",
                        (view.fallbacks().contains(Stage.ACCOUNT_VALIDATION.name())
                                        ? "did not answer; as known before, after "
                                        : "asked, took ")
                                + Times.text(Duration.ofNanos(event.took()))));
        return facts;
    }

    private static List<Fact> liquidity(PaymentDossier dossier) {
        List<Fact> facts = new ArrayList<>();
        String followUp = dossier.followUp();
        boolean without = dossier.view().fallbacks().contains(Stage.LIQUIDITY_CHECK.name());
        add(facts, "Checked", without ? "not in time: passed by its amount, within the cap" : null);
        add(facts, "Reservation", dossier.reservation());
        add(facts, "To be told yet", followUp == null ? "nothing" : Times.words(followUp));
        return facts;
    }

    private static void add(List<Fact> facts, String name, @Nullable Object value) {
        if (value != null) {
            facts.add(new Fact(name, value.toString()));
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static SlaBar sla(PaymentDossier dossier) {
        Duration took = dossier.view().took();
        List<String> marks = List.of(number(place(3_500)), number(place(4_200)), number(place(HARD_MS)));
        if (took == null) {
            return new SlaBar("not answered yet", "warn", "0", marks, "");
        }
        double millis = took.toNanos() / 1e6;
        String level = Boolean.FALSE.equals(dossier.view().compliant()) ? "bad" : millis >= 3_500 ? "warn" : "good";
        String text = Times.text(took) + " from the receipt to the answer";
        if (!dossier.waited().isZero()) {
            text += ", of which " + Times.text(dossier.waited()) + " before it got here";
        }
        return new SlaBar(
                text,
                level,
                number(place(millis)),
                marks,
                dossier.answeredAt() == null ? "" : dossier.answeredAt().toString());
    }

    /** The square root makes the first milliseconds as visible as the last second. */
    private static double place(double millis) {
        return 96 * Math.sqrt(Math.min(1.08, millis / HARD_MS));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static List<Event> events(PaymentView view) {
        long whole = Math.max(
                1, view.events().stream().mapToLong(PaymentEvent::elapsed).max().orElse(1));
        List<Event> shown = new ArrayList<>();
        for (PaymentEvent event : view.events()) {
            double start = 100.0 * Math.max(0, event.elapsed() - event.took()) / whole;
            double width = Math.max(0.6, 100.0 * event.took() / whole);
            State from = event.from();
            shown.add(new Event(
                    Integer.toString(event.number()),
                    Times.text(Duration.ofNanos(event.elapsed())),
                    from == null ? "waiting before the receipt" : Times.words(from.name()),
                    Times.words(event.to().name()),
                    Times.text(Duration.ofNanos(event.took())),
                    event.budget() == 0 ? "" : Times.text(Duration.ofNanos(event.budget())),
                    extra(event),
                    event.budget() == 0
                            ? ""
                            : (event.budget() < event.took() ? "\u2212" : "")
                                    + Times.text(Duration.ofNanos(Math.abs(event.budget() - event.took()))),
                    event.budget() == 0 ? "" : Times.percent((double) event.took() / event.budget(), 0),
                    event.budget() > 0 && event.took() > event.budget(),
                    number(Math.min(99.4, start)),
                    number(width),
                    (event.code() == null ? "" : event.code() + " ") + text(event.reason()),
                    event.forecast() == null
                            ? ""
                            : Times.percent(event.forecast().probability(), 1),
                    event.forecast() != null && event.forecast().atRisk(),
                    String.join(", ", event.breakers()),
                    event.node() + " " + event.thread()));
        }
        return shown;
    }

    private static String extra(PaymentEvent event) {
        List<String> parts = new ArrayList<>();
        if (event.bonus() > 0) {
            parts.add("saved before " + Times.text(Duration.ofNanos(event.bonus())));
        }
        if (event.borrowed() > 0) {
            parts.add("borrowed " + Times.text(Duration.ofNanos(event.borrowed())));
        }
        return String.join(", ", parts);
    }

    private static List<StageLine> stages(PaymentView view) {
        List<StageLine> lines = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            long took = 0;
            long granted = 0;
            boolean done = false;
            for (PaymentEvent event : view.events()) {
                State from = event.from();
                if (from != null && from.stage() == stage && stage.priority() > 0) {
                    took += event.took();
                    granted = Math.max(granted, event.budget());
                    done = true;
                }
            }
            if (done) {
                double used = granted == 0 ? 0 : 100.0 * took / granted;
                lines.add(new StageLine(
                        Times.words(stage.name()),
                        Times.text(Duration.ofNanos(took)),
                        Times.text(Duration.ofNanos(granted)),
                        number(Math.clamp(used, 0.6, 100)),
                        took > granted,
                        view.fallbacks().contains(stage.name())));
            }
        }
        return lines;
    }

    /** What follows from its events: a stage that was left for the next one was passed. */
    private static List<Check> checks(PaymentView view) {
        List<Check> checks = new ArrayList<>();
        for (Stage stage : List.of(
                Stage.IDEMPOTENCY_CHECK,
                Stage.BUSINESS_VALIDATION,
                Stage.FRAUD_DETECTION,
                Stage.ACCOUNT_VALIDATION,
                Stage.LIQUIDITY_CHECK,
                Stage.PAYMENT_EXECUTION)) {
            PaymentEvent last = null;
            for (PaymentEvent event : view.events()) {
                State from = event.from();
                if (from != null && from.stage() == stage) {
                    last = event;
                }
            }
            checks.add(check(stage, last, view.fallbacks().contains(stage.name())));
        }
        return checks;
    }

    private static Check check(Stage stage, @Nullable PaymentEvent last, boolean fellBack) {
        String name = Times.words(stage.name());
        if (last == null) {
            return new Check(name, "not reached", "none", "");
        }
        String why = (last.code() == null ? "" : last.code() + " ") + text(last.reason());
        boolean refused = last.to().terminal() && last.to() != State.COMPLETED;
        if (refused) {
            return new Check(name, Times.words(last.to().name()), "bad", why);
        }
        if (last.to() == State.SLA_BREACH) {
            return new Check(name, "no time left", "bad", why);
        }
        return new Check(name, fellBack ? "passed by its fallback" : "passed", fellBack ? "warn" : "good", why);
    }
}
