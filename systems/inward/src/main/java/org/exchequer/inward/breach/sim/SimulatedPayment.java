package org.exchequer.inward.breach.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.breach.Forecaster;
import org.exchequer.inward.breach.Pace;
import org.exchequer.inward.breach.Step;
import org.exchequer.inward.breach.Work;
import org.exchequer.inward.core.Budgets;
import org.exchequer.inward.core.Budgets.Grant;
import org.exchequer.inward.core.Course;
import org.exchequer.inward.core.Outcome;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.MessageType;

/** A payment on its simulated way: {@code Flow} without partners, ledger and database. */
final class SimulatedPayment {
    private static final long AT_ONCE = 20_000;
    private static final long HEDGE = 120_000_000;
    private static final long FRESH = 30 * Simulation.SECOND;
    private static final Outcome REFUSED = new Outcome.Refused(new Finding("AB05", "/Document", "simulated"));

    private final Simulation node;
    private final SplittableRandom random;
    private final long origin;
    private final Forecaster.Way way;
    private final boolean small;
    private final boolean valid;
    /** How old what is known of its account was at its receipt; −1 when nothing is. */
    private final long accountAge;

    private final long received;
    private final List<Step> steps = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    private State state = State.MESSAGE_RECEIVED;
    private int fallbacks;
    private long riskSince = -1;
    private long missedAt = -1;
    private boolean unserved;

    private record Open(int step, float[] features) {}

    /** How a call will end. */
    private record Call(long took, boolean answered) {}

    SimulatedPayment(Simulation node, SplittableRandom random, long received, long waited) {
        this.node = node;
        this.random = random;
        this.received = received;
        this.origin = received - waited;
        boolean vam = random.nextInt(10) < 6;
        MessageType type = random.nextInt(10) < 9 ? MessageType.PACS_008 : MessageType.PACS_007;
        this.way = new Forecaster.Way(
                node.sla(), type, vam, resource(vam ? Work.VAM : Work.MIDANZ), resource(Work.LIQUIDITY), waited);
        this.small = random.nextInt(10) < 5;
        this.valid = random.nextInt(100) < 97;
        int known = random.nextInt(100);
        this.accountAge = known < 25 ? random.nextLong(FRESH) : known < 60 ? random.nextLong(FRESH, 120 * FRESH) : -1;
    }

    /** What of a partner has a breaker of its own: a currency, or a bank. */
    static String resource(Work work) {
        return work == Work.LIQUIDITY ? "AAABSGSG" : work == Work.VAM ? "SGD" : "EUR";
    }

    void start() {
        end(0, new Grant(0, 0, 0, 0, false), Outcome.PASSED);
    }

    private long elapsed() {
        return node.now() - origin;
    }

    private long age() {
        return accountAge < 0 ? -1 : accountAge + node.now() - received;
    }

    private boolean atRisk() {
        return riskSince >= 0;
    }

    /** Begins the work of the state that it is in; its end comes later. */
    private void work() {
        Stage stage = state.stage();
        Grant grant = Budgets.grant(node.sla(), stage, elapsed());
        boolean checked =
                state.compareTo(State.BUSINESS_VALIDATION) >= 0 && state.compareTo(State.PAYMENT_EXECUTION) <= 0;
        if (checked && Budgets.hopeless(node.sla(), stage, elapsed())) {
            breached(grant);
            return;
        }
        boolean first = state.name().equals(stage.name());
        Work work = first ? Work.of(stage, way.vam()) : null;
        if (work == null) {
            fallback(grant);
        } else if (grant.minimum() && stage.compareTo(Stage.BUSINESS_VALIDATION) > 0) {
            end(0, grant, Outcome.LATE);
        } else if (goesWithout(work)) {
            end(0, grant, Outcome.LATE);
        } else {
            perform(work, grant);
        }
    }

    private boolean goesWithout(Work work) {
        boolean possible = work == Work.VAM || work == Work.MIDANZ ? age() >= 0 : work == Work.LIQUIDITY && small;
        return node.policy().acts() && atRisk() && possible && node.forecaster().goesWithout(work);
    }

    private void fallback(Grant grant) {
        switch (state) {
            case ACCOUNT_CACHE_FALLBACK -> end(AT_ONCE, grant, age() >= 0 ? Outcome.PASSED : REFUSED);
            case LIQUIDITY_EMERGENCY_APPROVAL -> end(AT_ONCE, grant, small ? Outcome.PASSED : REFUSED);
            case PAYMENT_ASYNC_PROCESSING -> inquire(grant);
            default -> end(0, grant, Outcome.PASSED);
        }
    }

    private void inquire(Grant grant) {
        long left = Math.max(0, node.sla().critical().toNanos() - elapsed());
        long took = node.partner(Work.LEDGER).draw(node.now());
        boolean late = took > left || took == SimulatedPartner.ERROR;
        node.at(
                node.now() + (late ? left : took),
                () -> end(late ? left : took, grant, late ? Outcome.LATE : Outcome.PASSED));
    }

    private void perform(Work work, Grant grant) {
        long began = node.now();
        Pace pace = node.forecaster().pace(work);
        pace.begin(began);
        boolean cached = (work == Work.VAM || work == Work.MIDANZ) && age() >= 0 && age() <= FRESH;
        Call call = cached ? new Call(AT_ONCE, true) : ask(work, patience(work, grant));
        node.at(began + call.took(), () -> {
            long took = node.now() - began;
            Pace.End how = cached || !call.answered() && !Step.isUsedUp(took, grant.nanos())
                    ? Pace.End.NOT_ASKED
                    : call.answered() ? Pace.End.DONE : Pace.End.LATE;
            pace.end(node.now(), took, how);
            boolean refused = work == Work.RULES && !valid;
            end(took, grant, !call.answered() ? Outcome.LATE : refused ? REFUSED : Outcome.PASSED);
        });
    }

    /**
     * The receipt is waited for as long as the rest has its least; what would have to be refused, longer than what
     * could be done without; the rest as long as it is granted.
     */
    private long patience(Work work, Grant grant) {
        return switch (work) {
            case RULES, ANSWER -> SimulatedPartner.NEVER;
            case RECEIPT -> whileTheRestHasItsLeast();
            case VAM, MIDANZ -> age() >= 0 ? grant.nanos() : withoutFallback(grant);
            case LIQUIDITY -> small ? grant.nanos() : withoutFallback(grant);
            default -> grant.nanos();
        };
    }

    private long withoutFallback(Grant grant) {
        return Budgets.withoutFallback(node.sla(), state.stage(), elapsed(), grant);
    }

    private long whileTheRestHasItsLeast() {
        long least = 0;
        for (Stage stage : Stage.values()) {
            least +=
                    stage.compareTo(Stage.IDEMPOTENCY_CHECK) > 0 ? stage.least().toNanos() : 0;
        }
        return Math.max(0, node.sla().critical().toNanos() - elapsed() - least);
    }

    private Call ask(Work work, long patience) {
        Call call = call(work, patience);
        if (work != Work.VAM || call.answered() && call.took() <= HEDGE) {
            return call;
        }
        long hedge = call.answered() ? HEDGE : Math.min(HEDGE, call.took());
        if (hedge >= patience) {
            return call;
        }
        Call other = call(Work.MIDANZ, patience - hedge);
        if (other.answered() && (!call.answered() || hedge + other.took() < call.took())) {
            return new Call(hedge + other.took(), true);
        }
        return call.answered() ? call : new Call(Math.max(call.took(), hedge + other.took()), false);
    }

    private Call call(Work work, long patience) {
        List<SimulatedBreaker> before = node.breakers(work);
        if (!before.stream().allMatch(breaker -> breaker.allows(node.now()))) {
            return new Call(AT_ONCE, false);
        }
        before.forEach(SimulatedBreaker::acquire);
        SimulatedPartner partner = node.partner(work);
        long drawn = partner.draw(node.now());
        boolean answered = drawn != SimulatedPartner.ERROR && drawn <= patience;
        long took = drawn == SimulatedPartner.ERROR ? Math.min(patience, 2_000_000) : Math.min(drawn, patience);
        partner.began();
        node.at(node.now() + took, () -> {
            partner.ended();
            before.forEach(breaker -> breaker.record(!answered, node.now()));
        });
        return new Call(took, answered);
    }

    private void breached(Grant grant) {
        step(State.SLA_BREACH, 0, grant);
        unserved = true;
        over();
    }

    private void end(long took, Grant grant, Outcome outcome) {
        State from = state;
        State next = Course.after(from, outcome, way.type());
        unserved |= next == State.SLA_BREACH || outcome == REFUSED && from != State.BUSINESS_VALIDATION;
        step(next, took, grant);
        if (outcome == Outcome.LATE) {
            fallbacks++;
        }
        state = next;
        if (next.terminal() || next.stage() == Stage.COMPLETED) {
            over();
            return;
        }
        if (Forecaster.isOpen(node.sla(), from, next, elapsed())) {
            foresee(next, took, grant);
        }
        work();
    }

    private void step(State next, long took, Grant grant) {
        Step step = new Step(state, next, took, grant.nanos(), elapsed());
        steps.add(step);
        if (missedAt < 0 && steps.size() > 1 && step.missed(node.sla())) {
            missedAt = node.now();
        }
        unserved |= elapsed() >= node.sla().critical().toNanos();
    }

    private void foresee(State next, long took, Grant grant) {
        Forecaster.Standing standing = new Forecaster.Standing(next, elapsed(), took, grant.nanos(), fallbacks, age());
        if (node.keeps()) {
            open.add(new Open(
                    steps.size() - 1, node.forecaster().moment(way, standing).features()));
        }
        if (node.policy().predicts()
                && !atRisk()
                && node.forecaster().probability(way, standing) >= node.policy().threshold()) {
            riskSince = node.now();
        }
    }

    private void over() {
        List<Simulation.Row> rows = new ArrayList<>();
        for (Open each : open) {
            rows.add(new Simulation.Row(
                    steps.get(each.step()).from().stage(),
                    each.features(),
                    Step.missedAfter(steps, each.step(), node.sla())));
        }
        boolean late = steps.getFirst().missed(node.sla());
        boolean missed = missedAt >= 0 && !late;
        boolean foreseen = atRisk() && (!missed || riskSince <= missedAt);
        node.ended(
                rows,
                new Simulation.Fate(
                        missed, unserved, foreseen, foreseen && missed ? missedAt - riskSince : -1, elapsed()));
    }
}
