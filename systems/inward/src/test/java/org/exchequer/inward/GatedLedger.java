package org.exchequer.inward;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;

/** Stands before a real ledger, and makes it hang, refuse or lose its answers. */
final class GatedLedger {
    /** What happens to payments; accounts can always be opened. */
    enum Mode {
        OPEN,
        /** Commands are carried out, and their answers never come. */
        SILENT,
        /** Commands are kept, and carried out when it opens again. */
        STUCK,
        /** Commands are carried out, and it is answered that this is not known. */
        UNKNOWN,
        /** It takes nothing. */
        REFUSING
    }

    private final Ledger real;
    private volatile Mode mode = Mode.OPEN;
    private CompletableFuture<Void> opened = CompletableFuture.completedFuture(null);
    private final Ledger api;

    GatedLedger(Ledger real) {
        this.real = real;
        this.api = (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("submit")) {
                        return submit((Command) arguments[0]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    Ledger api() {
        return api;
    }

    synchronized void set(Mode next) {
        if (next == Mode.STUCK) {
            opened = new CompletableFuture<>();
        }
        mode = next;
    }

    void open() {
        CompletableFuture<Void> before;
        synchronized (this) {
            mode = Mode.OPEN;
            before = opened;
        }
        before.complete(null);
    }

    private CompletableFuture<Outcome> submit(Command command) {
        CompletableFuture<Void> gate;
        Mode now;
        synchronized (this) {
            gate = opened;
            now = command instanceof Command.OpenAccount ? Mode.OPEN : mode;
        }
        return switch (now) {
            case OPEN -> real.submit(command);
            case SILENT -> {
                var unused = real.submit(command);
                yield new CompletableFuture<>();
            }
            case STUCK -> gate.thenCompose(done -> real.submit(command));
            case UNKNOWN -> real.submit(command).thenApply(outcome -> new Outcome.Unknown("the reply was lost"));
            case REFUSING ->
                CompletableFuture.completedFuture(new Outcome.Refused(Outcome.Refused.Cause.OVERLOADED, 10));
        };
    }
}
