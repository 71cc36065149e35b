package org.exchequer.ledger.edge.grpc;

import static org.exchequer.platform.module.Role.AUDITOR;
import static org.exchequer.platform.module.Role.OPERATOR;
import static org.exchequer.platform.module.Role.TELLER;

import com.google.rpc.Code;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.grpc.stub.StreamObservers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.edge.grpc.CommandStream.Taker;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.grpc.RpcError;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
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

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int ROWS_PER_PART = 1_000;

    private static final Set<Role> READ = Set.of(TELLER, OPERATOR, AUDITOR);
    private static final Set<Role> POST = Set.of(TELLER, OPERATOR);
    private static final Set<Role> MANAGE = Set.of(OPERATOR);

    private final Ledger ledger;
    private final Clock clock;
    private final StreamDoor streams;

    public LedgerRpc(Ledger ledger, Clock clock, Ticker ticker) {
        this(ledger, clock, ticker, STALL);
    }

    LedgerRpc(Ledger ledger, Clock clock, Ticker ticker, Duration stall) {
        this.ledger = ledger;
        this.clock = clock;
        this.streams = new StreamDoor(ticker, stall);
    }

    /** The service, and who may call it. */
    public GrpcService service() {
        List<Route> routes = new ArrayList<>();
        for (MethodDescriptor<?, ?> method :
                LedgerServiceGrpc.getServiceDescriptor().getMethods()) {
            boolean writes = String.valueOf(method.getBareMethodName()).startsWith("Execute");
            routes.add(GrpcService.route(method.getFullMethodName(), writes ? POST : READ));
        }
        return new GrpcService(
                streams.serving(new Calls().bindService(), LedgerServiceGrpc.getExecuteStreamMethod(), this::taker),
                routes,
                streams::drain);
    }

    /** Who may give this command; administrators may give any. */
    static Set<Role> rolesFor(Command command) {
        return switch (command) {
            case Command.Transfer ignored -> POST;
            case Command.Post ignored -> POST;
            case Command.Reverse ignored -> MANAGE;
            case Command.OpenAccount ignored -> MANAGE;
            case Command.ChangeAccount ignored -> MANAGE;
        };
    }

    private CompletableFuture<Outcome> submit(LedgerProto.Command message, Caller caller) {
        Command command = CommandProto.read(message);
        Set<Role> needed = rolesFor(command);
        if (!caller.mayAct(needed)) {
            Set<String> names = new TreeSet<>(Set.of(Role.ADMIN.claim()));
            needed.forEach(role -> names.add(role.claim()));
            throw new ForbiddenException("must be one of " + names + " for this command");
        }
        return ledger.submit(command);
    }

    private Taker taker() {
        Caller caller = GrpcHost.caller();
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
                return submit(command, caller);
            }
        };
    }

    private static <A> void answer(StreamObserver<A> caller, Supplier<A> work) {
        A answer = answering(work);
        caller.onNext(answer);
        caller.onCompleted();
    }

    /** One message after the other, as fast as the caller reads. */
    private static <A> void answerInParts(StreamObserver<A> caller, Supplier<List<A>> work) {
        StreamObservers.copyWithFlowControl(answering(work), (ServerCallStreamObserver<A>) caller);
    }

    /** Does the work of a call; what it throws because of the caller or the books becomes a status. */
    private static <A> A answering(Supplier<A> work) {
        try {
            return work.get();
        } catch (FieldError e) {
            throw RpcError.invalid("INVALID_FIELD", CommandProto.fieldOf(e), String.valueOf(e.getMessage()))
                    .asException();
        } catch (ForbiddenException e) {
            throw RpcError.of(Code.PERMISSION_DENIED, "FORBIDDEN", "Your token's roles do not allow this.")
                    .at("roles", String.valueOf(e.getMessage()))
                    .asException();
        } catch (LedgerUnavailableException e) {
            throw RpcError.of(
                            Code.UNAVAILABLE,
                            "LEDGER_UNAVAILABLE",
                            "The books cannot be read at present; ask again shortly.")
                    .retryAfter(Duration.ofSeconds(1))
                    .asException();
        }
    }

    private static List<LedgerProto.TrialBalance> trialBalance(TrialBalance report) {
        List<LedgerProto.TrialBalance> parts = new ArrayList<>();
        List<Balance> rows = report.rows();
        for (int from = 0; from < rows.size(); from += ROWS_PER_PART) {
            LedgerProto.TrialBalance.Builder part =
                    LedgerProto.TrialBalance.newBuilder().setAsOfSequence(report.asOfSequence());
            rows.subList(from, Math.min(rows.size(), from + ROWS_PER_PART))
                    .forEach(row -> part.addRows(ViewProto.write(row)));
            parts.add(part.build());
        }
        LedgerProto.TrialBalance.Builder last =
                LedgerProto.TrialBalance.newBuilder().setAsOfSequence(report.asOfSequence());
        report.totals().forEach(total -> last.addTotals(ViewProto.write(total)));
        parts.add(last.build());
        return parts;
    }

    private static <T, A> void find(
            StreamObserver<A> caller, String code, String what, Supplier<Optional<T>> find, Function<T, A> write) {
        answer(
                caller,
                () -> find.get()
                        .map(write)
                        .orElseThrow(() -> RpcError.of(Code.NOT_FOUND, code, "There is no " + what)
                                .asException()));
    }

    private static int limit(int given) {
        if (given < 0 || given > MAX_LIMIT) {
            throw new FieldError("limit", "must be 1 to " + MAX_LIMIT);
        }
        return given == 0 ? DEFAULT_LIMIT : given;
    }

    /** Waits for an outcome, but not for ever: past the deadline nobody here knows it. */
    private static Outcome await(CompletableFuture<Outcome> outcome) {
        try {
            return outcome.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return new Outcome.Unknown("no outcome within " + DEADLINE.toSeconds() + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Outcome.Unknown("the wait for the outcome was interrupted");
        } catch (ExecutionException broken) {
            throw new IllegalStateException("the ledger broke its promise to answer with an outcome", broken);
        }
    }

    @Override
    public void close() {
        streams.close();
    }

    /** The calls with one request. */
    private final class Calls extends LedgerServiceGrpc.LedgerServiceImplBase {
        @Override
        public void execute(LedgerProto.Command request, StreamObserver<LedgerProto.Outcome> caller) {
            answer(caller, () -> OutcomeProto.write(await(submit(request, GrpcHost.caller()))));
        }

        @Override
        public void getOutcome(LedgerProto.GetOutcomeRequest request, StreamObserver<LedgerProto.Outcome> caller) {
            find(
                    caller,
                    "COMMAND_NOT_FOUND",
                    "command that was decided under this key.",
                    () -> ledger.outcome(request.getKey()),
                    OutcomeProto::write);
        }

        @Override
        public void getAccount(LedgerProto.GetAccountRequest request, StreamObserver<LedgerProto.Account> caller) {
            find(
                    caller,
                    "ACCOUNT_NOT_FOUND",
                    "account of that code.",
                    () -> ledger.account(request.getCode()),
                    ViewProto::write);
        }

        @Override
        public void listAccounts(
                LedgerProto.ListAccountsRequest request, StreamObserver<LedgerProto.AccountPage> caller) {
            answer(
                    caller,
                    () -> ViewProto.writeAccounts(ledger.accounts(
                            request.getPrefix(),
                            request.hasCursor() ? request.getCursor() : null,
                            limit(request.getLimit()))));
        }

        @Override
        public void getBalance(LedgerProto.GetBalanceRequest request, StreamObserver<LedgerProto.Balance> caller) {
            find(
                    caller,
                    "ACCOUNT_NOT_FOUND",
                    "posting account of that code.",
                    () -> ledger.balance(request.getAccount()),
                    ViewProto::write);
        }

        @Override
        public void getStatement(
                LedgerProto.GetStatementRequest request, StreamObserver<LedgerProto.StatementPage> caller) {
            find(
                    caller,
                    "ACCOUNT_NOT_FOUND",
                    "account of that code.",
                    () -> ledger.statement(
                            request.getAccount(),
                            request.hasCursor() ? request.getCursor() : null,
                            limit(request.getLimit())),
                    ViewProto::writeStatement);
        }

        @Override
        public void getTransaction(
                LedgerProto.GetTransactionRequest request, StreamObserver<LedgerProto.Transaction> caller) {
            find(
                    caller,
                    "TRANSACTION_NOT_FOUND",
                    "transaction of that id.",
                    () -> ledger.transaction(request.getId()),
                    ViewProto::write);
        }

        @Override
        public void findTransactions(
                LedgerProto.FindTransactionsRequest request, StreamObserver<LedgerProto.Transactions> caller) {
            answer(
                    caller,
                    () -> ViewProto.writeTransactions(
                            ledger.byReference(request.getReference(), limit(request.getLimit()))));
        }

        @Override
        public void listLatestTransactions(
                LedgerProto.ListLatestTransactionsRequest request, StreamObserver<LedgerProto.Transactions> caller) {
            answer(caller, () -> ViewProto.writeTransactions(ledger.latest(limit(request.getLimit()))));
        }

        @Override
        public void listReversals(
                LedgerProto.ListReversalsRequest request, StreamObserver<LedgerProto.TransactionIds> caller) {
            answer(
                    caller,
                    () -> LedgerProto.TransactionIds.newBuilder()
                            .addAllIds(ledger.reversedBy(request.getTransactionId()).stream()
                                    .toList())
                            .build());
        }

        @Override
        public void getTrialBalance(
                LedgerProto.GetTrialBalanceRequest request, StreamObserver<LedgerProto.TrialBalance> caller) {
            answerInParts(caller, () -> trialBalance(ledger.trialBalance()));
        }

        @Override
        public void getPosition(LedgerProto.GetPositionRequest request, StreamObserver<LedgerProto.Position> caller) {
            answer(
                    caller,
                    () -> LedgerProto.Position.newBuilder()
                            .setLastSequence(ledger.lastSequence())
                            .build());
        }
    }
}
