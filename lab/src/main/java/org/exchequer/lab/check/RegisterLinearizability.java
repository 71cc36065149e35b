package org.exchequer.lab.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.exchequer.lab.history.Operation;
import org.exchequer.lab.linear.Call;
import org.exchequer.lab.linear.RegisterModel;
import org.exchequer.lab.linear.RegisterModel.Cas;
import org.exchequer.lab.linear.RegisterModel.CasRefused;
import org.exchequer.lab.linear.RegisterModel.Get;
import org.exchequer.lab.linear.RegisterModel.Write;

/** Plain registers are linearizable: {@code write}, {@code get} and {@code cas} of a history, one by one. */
public final class RegisterLinearizability implements Checker {
    private final Ticker ticker;
    private final String initial;
    private final Duration perRegister;

    /**
     * @param initial what every register holds at first
     * @param perRegister most time for one register; ten times that for all
     */
    public RegisterLinearizability(Ticker ticker, String initial, Duration perRegister) {
        this.ticker = ticker;
        this.initial = initial;
        this.perRegister = perRegister;
    }

    @Override
    public String name() {
        return "register-linearizability";
    }

    @Override
    public String invariant() {
        return "Every register behaves as if its operations happened one at a time, each while it was being asked.";
    }

    @Override
    public Finding check(Evidence evidence) {
        Tally tally = new Tally(name(), "operations on registers");
        Map<String, List<Call<RegisterModel.Operation>>> byRegister = new TreeMap<>();
        for (Operation operation : evidence.history().operations()) {
            RegisterModel.Operation known = operation(operation);
            if (known != null) {
                byRegister
                        .computeIfAbsent(operation.value(Functions.REGISTER), any -> new ArrayList<>())
                        .add(new Call<>(
                                known,
                                operation.invoke().index(),
                                operation.returnedAt(),
                                Call.OPEN,
                                operation.describe()));
            }
        }
        Explanation explanation = new Explanation(ticker, perRegister, perRegister.multipliedBy(10), tally);
        byRegister.forEach((register, calls) ->
                explanation.explain("register " + register, new RegisterModel(), initial, calls, state -> state));
        return tally.finding();
    }

    private static RegisterModel.@org.jspecify.annotations.Nullable Operation operation(Operation operation) {
        return switch (operation.function()) {
            case Functions.WRITE ->
                operation.is(Event.Type.FAIL)
                        ? null
                        : new Write(operation.invoke().value(Functions.VALUE));
            case Functions.GET -> operation.is(Event.Type.OK) ? new Get(operation.value(Functions.VALUE)) : null;
            case Functions.CAS ->
                operation.is(Event.Type.FAIL)
                        ? new CasRefused(operation.value(Functions.FROM))
                        : new Cas(operation.value(Functions.FROM), operation.value(Functions.TO));
            default -> null;
        };
    }
}
