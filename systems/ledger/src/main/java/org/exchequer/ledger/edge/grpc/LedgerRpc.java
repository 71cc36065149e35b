package org.exchequer.ledger.edge.grpc;

import static org.exchequer.ledger.edge.http.LedgerDoors.COMMAND;
import static org.exchequer.ledger.edge.http.LedgerDoors.CONTROL;
import static org.exchequer.ledger.edge.http.LedgerDoors.MANAGE;
import static org.exchequer.ledger.edge.http.LedgerDoors.POST;
import static org.exchequer.ledger.edge.http.LedgerDoors.READ;

import com.google.rpc.Code;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.edge.grpc.CommandStream.Taker;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.grpc.RpcError;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.AccessTrail.Acts;
import org.exchequer.platform.security.Caller;
import org.jspecify.annotations.Nullable;

/** The ledger's gRPC door. */
public final class LedgerRpc implements AutoCloseable {
    /** How long a call waits for the outcome of its command before it answers {@code unknown}. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** How long a caller of a stream may leave outcomes untaken. */
    private static final Duration STALL = Duration.ofSeconds(60);

    /** A stream's token may have run out so long ago: clocks differ. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    private final Ledger ledger;
    private final Proofs proofs;
    private final Clock clock;
    private final StreamDoor streams;

    public LedgerRpc(Ledger ledger, Proofs proofs, Clock clock, Ticker ticker) {
        this(ledger, proofs, clock, ticker, STALL);
    }

    LedgerRpc(Ledger ledger, Proofs proofs, Clock clock, Ticker ticker, Duration stall) {
        this.ledger = ledger;
        this.proofs = proofs;
        this.clock = clock;
        this.streams = new StreamDoor(ticker, stall);
    }

    /** The service, and who may call it. */
    public GrpcService service() {
        List<Route> routes = new ArrayList<>();
        for (MethodDescriptor<?, ?> method :
                LedgerServiceGrpc.getServiceDescriptor().getMethods()) {
            boolean writes = String.valueOf(method.getBareMethodName()).startsWith("Execute");
            Route route = GrpcService.route(method.getFullMethodName(), writes ? COMMAND : READ);
            routes.add(writes ? route : route.onRecord());
        }
        return new GrpcService(
                streams.serving(new Calls().bindService(), LedgerServiceGrpc.getExecuteStreamMethod(), this::taker),
                routes,
                streams::drain);
    }

    /** Streams of commands that are open now. */
    public int openStreams() {
        return streams.count();
    }

    /** Who may give this command; administrators may give any. */
    static Set<Role> rolesFor(Command command) {
        return switch (command) {
            case Command.Transfer ignored -> POST;
            case Command.Post ignored -> POST;
            case Command.Hold ignored -> POST;
            case Command.PostPending ignored -> POST;
            case Command.VoidPending ignored -> POST;
            case Command.Reverse ignored -> MANAGE;
            case Command.ProposeAdjustment ignored -> POST;
            case Command.DecideAdjustment ignored -> CONTROL;
            case Command.CloseDay ignored -> CONTROL;
            case Command.OpenAccount ignored -> MANAGE;
            case Command.ChangeAccount ignored -> MANAGE;
        };
    }

    private CompletableFuture<Outcome> submit(LedgerProto.Command message, Caller caller, Acts acts) {
        return ledger.submit(permitted(message, caller, acts));
    }

    /** The command, if this caller may give it; with a trace of it where it takes more than the right to post. */
    private static Command permitted(LedgerProto.Command message, Caller caller, Acts acts) {
        Command command = CommandProto.read(message, CommandProto.Actor.caller(caller));
        Set<Role> needed = rolesFor(command);
        if (!caller.mayAct(needed)) {
            Set<String> names = new TreeSet<>(Set.of(Role.ADMIN.claim()));
            needed.forEach(role -> names.add(role.claim()));
            throw new ForbiddenException("must be one of " + names + " for this command");
        }
        if (!needed.equals(POST)) {
            acts.about(command.getClass().getSimpleName());
        }
        return command;
    }

    /** The commands of a linked batch; what is wrong with one is told with its number. */
    static List<Command> linked(LedgerProto.LinkedCommands request, Function<LedgerProto.Command, Command> read) {
        if (request.getCommandsCount() < 2 || request.getCommandsCount() > Ledger.MAX_LINKED) {
            throw new FieldError("commands", "must be 2 to " + Ledger.MAX_LINKED);
        }
        List<Command> commands = new ArrayList<>(request.getCommandsCount());
        for (LedgerProto.Command message : request.getCommandsList()) {
            try {
                commands.add(read.apply(message));
            } catch (FieldError e) {
                throw new FieldError(
                        "commands[" + commands.size() + "]." + CommandProto.fieldOf(e), String.valueOf(e.getMessage()));
            }
        }
        return commands;
    }

    static LedgerProto.LinkedOutcomes linked(List<Outcome> outcomes) {
        return LedgerProto.LinkedOutcomes.newBuilder()
                .addAllOutcomes(outcomes.stream().map(OutcomeProto::write).toList())
                .build();
    }

    private Taker taker() {
        Caller caller = GrpcHost.caller();
        Acts acts = GrpcHost.acts();
        return new Taker() {
            @Override
            public @Nullable StatusRuntimeException refusal() {
                return clock.instant().isAfter(caller.expiresAt().plus(CLOCK_SKEW))
                        ? RpcError.of(Code.UNAUTHENTICATED, "TOKEN_EXPIRED", "The stream's token has run out.")
                                .asException()
                        : null;
            }

            @Override
            public CompletableFuture<Outcome> take(LedgerProto.Command command) {
                return submit(command, caller, acts);
            }
        };
    }

    /** Waits for an outcome, but not for ever: past the deadline nobody here knows it. */
    private static <T> T await(CompletableFuture<T> outcome, Function<String, T> unknown) {
        try {
            return outcome.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return unknown.apply("no outcome within " + DEADLINE.toSeconds() + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return unknown.apply("the wait for the outcome was interrupted");
        } catch (ExecutionException broken) {
            throw new IllegalStateException("the ledger broke its promise to answer with an outcome", broken);
        }
    }

    @Override
    public void close() {
        streams.close();
    }

    /** The calls with one request. */
    private final class Calls extends ReadCalls {
        Calls() {
            super(ledger, proofs);
        }

        @Override
        public void execute(LedgerProto.Command request, StreamObserver<LedgerProto.Outcome> caller) {
            answer(
                    caller,
                    () -> OutcomeProto.write(
                            await(submit(request, GrpcHost.caller(), GrpcHost.acts()), Outcome.Unknown::new)));
        }

        @Override
        public void executeLinked(
                LedgerProto.LinkedCommands request, StreamObserver<LedgerProto.LinkedOutcomes> caller) {
            answer(caller, () -> {
                List<Command> commands =
                        linked(request, message -> permitted(message, GrpcHost.caller(), GrpcHost.acts()));
                return linked(await(
                        ledger.submitLinked(commands),
                        why -> Collections.nCopies(commands.size(), new Outcome.Unknown(why))));
            });
        }
    }
}
