package org.exchequer.ledger.edge.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.exchequer.platform.grpc.RpcError;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of another process, over gRPC. Thread-safe; commands of all callers share one stream, so thousands of
 * virtual threads that each execute one make few and large messages.
 *
 * <p>{@link #submit} completes with {@link Outcome.Unknown} when the connection breaks after the command was sent, and
 * with {@link Outcome.Refused} when it surely was not. It completes exceptionally, with {@link
 * InvalidCommandException}, only when this client is set up wrongly: no valid token, or not the roles for what it does.
 * Reads throw the same then.
 */
public final class GrpcLedger implements Ledger, AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration READ = Duration.ofSeconds(20);

    private final ManagedChannel channel;
    private final Supplier<String> token;
    private final Duration patience;
    private final CommandSender commands;
    private final LedgerServiceBlockingStub reads;

    /**
     * @param channel to the server, see {@link Channels#open}; closed with this
     * @param token a bearer token that holds now; asked before every call, so give one from memory
     * @param patience how long a command waits for its outcome, e.g. 20 s
     */
    public GrpcLedger(ManagedChannel channel, Supplier<String> token, Ticker ticker, Duration patience) {
        this.channel = channel;
        this.token = token;
        this.patience = patience;
        this.commands = new CommandSender(
                channel,
                LedgerServiceGrpc.getExecuteStreamMethod(),
                () -> authorized(new Metadata(), token),
                ticker,
                patience);
        this.reads = LedgerServiceGrpc.newBlockingStub(ClientInterceptors.intercept(channel, authorizing(token)));
    }

    private static Metadata authorized(Metadata headers, Supplier<String> token) {
        headers.put(AUTHORIZATION, "Bearer " + token.get());
        return headers;
    }

    private static ClientInterceptor authorizing(Supplier<String> token) {
        return new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<A> listener, Metadata headers) {
                        super.start(listener, authorized(headers, token));
                    }
                };
            }
        };
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        return commands.send(command);
    }

    @Override
    public CompletableFuture<List<Outcome>> submitLinked(List<Command> linked) {
        return LinkedCall.send(
                channel,
                LedgerServiceGrpc.getExecuteLinkedMethod(),
                authorized(new Metadata(), token),
                linked,
                patience);
    }

    @Override
    public Optional<Outcome> outcome(String key) {
        return find(
                stub -> stub.getOutcome(
                        LedgerProto.GetOutcomeRequest.newBuilder().setKey(key).build()),
                OutcomeProto::read);
    }

    @Override
    public Optional<Account> account(String code) {
        return find(
                stub -> stub.getAccount(
                        LedgerProto.GetAccountRequest.newBuilder().setCode(code).build()),
                ViewProto::read);
    }

    @Override
    public Page<Account> accounts(String prefix, @Nullable String cursor, int limit) {
        LedgerProto.ListAccountsRequest.Builder request =
                LedgerProto.ListAccountsRequest.newBuilder().setPrefix(prefix).setLimit(Page.requireLimit(limit));
        if (cursor != null) {
            request.setCursor(cursor);
        }
        return ViewProto.readAccounts(read(stub -> stub.listAccounts(request.build())));
    }

    @Override
    public Optional<Balance> balance(String account) {
        return balance(account, AsOf.NOW);
    }

    @Override
    public Optional<Balance> balance(String account, AsOf asOf) {
        return find(
                stub -> stub.getBalance(LedgerProto.GetBalanceRequest.newBuilder()
                        .setAccount(account)
                        .setAsOf(ReportProto.write(asOf))
                        .build()),
                ViewProto::read);
    }

    @Override
    public Optional<List<Rollup>> rollUp(String account, AsOf asOf) {
        return find(
                stub -> stub.getRollUp(LedgerProto.GetRollUpRequest.newBuilder()
                        .setAccount(account)
                        .setAsOf(ReportProto.write(asOf))
                        .build()),
                found -> found.getCurrenciesList().stream()
                        .map(ReportProto::read)
                        .toList());
    }

    @Override
    public Optional<List<DayBalance>> history(String account, LocalDate from, LocalDate to) {
        return find(
                stub -> stub.getHistory(LedgerProto.GetHistoryRequest.newBuilder()
                        .setAccount(account)
                        .setFrom(from.toString())
                        .setTo(to.toString())
                        .build()),
                found -> found.getDaysList().stream().map(ViewProto::read).toList());
    }

    @Override
    public Optional<Page<StatementLine>> statement(String account, Period period, @Nullable String cursor, int limit) {
        LedgerProto.GetStatementRequest.Builder request =
                LedgerProto.GetStatementRequest.newBuilder().setAccount(account).setLimit(Page.requireLimit(limit));
        if (cursor != null) {
            request.setCursor(cursor);
        }
        if (period.from() != null) {
            request.setFrom(period.from().toString());
        }
        if (period.to() != null) {
            request.setTo(period.to().toString());
        }
        return find(stub -> stub.getStatement(request.build()), ViewProto::readStatement);
    }

    @Override
    public Optional<Transaction> transaction(long id) {
        return find(
                stub -> stub.getTransaction(
                        LedgerProto.GetTransactionRequest.newBuilder().setId(id).build()),
                ViewProto::read);
    }

    @Override
    public Page<Transaction> byReference(String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        LedgerProto.FindTransactionsRequest.Builder request = LedgerProto.FindTransactionsRequest.newBuilder()
                .setReference(referenceOrCorrelationId)
                .setLimit(Page.requireLimit(limit));
        if (cursor != null) {
            request.setCursor(cursor);
        }
        return ViewProto.readTransactions(read(stub -> stub.findTransactions(request.build())));
    }

    @Override
    public Page<Transaction> latest(@Nullable String cursor, int limit) {
        LedgerProto.ListLatestTransactionsRequest.Builder request =
                LedgerProto.ListLatestTransactionsRequest.newBuilder().setLimit(Page.requireLimit(limit));
        if (cursor != null) {
            request.setCursor(cursor);
        }
        return ViewProto.readTransactions(read(stub -> stub.listLatestTransactions(request.build())));
    }

    @Override
    public Page<Transaction> transactions(long after, int limit) {
        LedgerProto.TransactionPage page =
                read(stub -> stub.listTransactions(LedgerProto.ListTransactionsRequest.newBuilder()
                        .setAfter(after)
                        .setLimit(Page.requireLimit(limit))
                        .build()));
        return new Page<>(
                page.getTransactionsList().stream().map(ViewProto::read).toList(),
                page.hasNext() ? Long.toString(page.getNext()) : null);
    }

    @Override
    public List<Long> reversalsOf(long transactionId) {
        return List.copyOf(read(stub -> stub.listReversals(LedgerProto.ListReversalsRequest.newBuilder()
                        .setTransactionId(transactionId)
                        .build()))
                .getIdsList());
    }

    @Override
    public List<Outcome> linked(long linkedTo) {
        return read(stub -> stub.listLinked(LedgerProto.ListLinkedRequest.newBuilder()
                        .setLinkedTo(linkedTo)
                        .build()))
                .getOutcomesList()
                .stream()
                .map(OutcomeProto::read)
                .toList();
    }

    @Override
    public Optional<PendingTransaction> pending(long id) {
        return find(
                stub -> stub.getPending(
                        LedgerProto.GetPendingRequest.newBuilder().setId(id).build()),
                ViewProto::read);
    }

    @Override
    public Optional<Page<PendingTransaction>> pendingOf(String account, @Nullable String cursor, int limit) {
        LedgerProto.ListPendingRequest.Builder request =
                LedgerProto.ListPendingRequest.newBuilder().setAccount(account).setLimit(Page.requireLimit(limit));
        if (cursor != null) {
            request.setCursor(cursor);
        }
        return find(stub -> stub.listPending(request.build()), ViewProto::readPending);
    }

    @Override
    public Page<PendingTransaction> pending(
            boolean openOnly, @Nullable String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        LedgerProto.ListAllPendingRequest.Builder request = LedgerProto.ListAllPendingRequest.newBuilder()
                .setOpenOnly(openOnly)
                .setLimit(Page.requireLimit(limit));
        if (referenceOrCorrelationId != null) {
            request.setReference(referenceOrCorrelationId);
        }
        if (cursor != null) {
            request.setCursor(cursor);
        }
        return ViewProto.readPending(read(stub -> stub.listAllPending(request.build())));
    }

    @Override
    public List<Long> postingsOf(long pendingId) {
        return List.copyOf(read(stub -> stub.listPostings(LedgerProto.ListPostingsRequest.newBuilder()
                        .setPendingId(pendingId)
                        .build()))
                .getIdsList());
    }

    @Override
    public Optional<Adjustment> adjustment(long id) {
        return find(
                stub -> stub.getAdjustment(
                        LedgerProto.GetAdjustmentRequest.newBuilder().setId(id).build()),
                ViewProto::read);
    }

    @Override
    public Page<Adjustment> adjustments(boolean openOnly, @Nullable String cursor, int limit) {
        LedgerProto.ListAdjustmentsRequest.Builder request = LedgerProto.ListAdjustmentsRequest.newBuilder()
                .setOpenOnly(openOnly)
                .setLimit(Page.requireLimit(limit));
        if (cursor != null) {
            request.setCursor(cursor);
        }
        return ViewProto.readAdjustments(read(stub -> stub.listAdjustments(request.build())));
    }

    @Override
    public TrialBalance trialBalance(AsOf asOf) {
        LedgerProto.GetTrialBalanceRequest request = LedgerProto.GetTrialBalanceRequest.newBuilder()
                .setAsOf(ReportProto.write(asOf))
                .build();
        LedgerProto.TrialBalance.Builder whole = LedgerProto.TrialBalance.newBuilder();
        readParts(stub -> stub.getTrialBalance(request), whole::mergeFrom);
        return ReportProto.read(whole.build());
    }

    @Override
    public BalanceSheet balanceSheet(AsOf asOf) {
        LedgerProto.GetBalanceSheetRequest request = LedgerProto.GetBalanceSheetRequest.newBuilder()
                .setAsOf(ReportProto.write(asOf))
                .build();
        LedgerProto.BalanceSheet.Builder whole = LedgerProto.BalanceSheet.newBuilder();
        readParts(stub -> stub.getBalanceSheet(request), whole::mergeFrom);
        return ReportProto.read(whole.build());
    }

    @Override
    public IncomeStatement incomeStatement(LocalDate from, LocalDate to, AsOf.Basis basis) {
        LedgerProto.GetIncomeStatementRequest request = LedgerProto.GetIncomeStatementRequest.newBuilder()
                .setFrom(from.toString())
                .setTo(to.toString())
                .setBasis(Enums.write(LedgerProto.AsOf.Basis.class, basis))
                .build();
        LedgerProto.IncomeStatement.Builder whole = LedgerProto.IncomeStatement.newBuilder();
        readParts(stub -> stub.getIncomeStatement(request), whole::mergeFrom);
        return ReportProto.read(whole.build());
    }

    @Override
    public LocalDate businessDate() {
        return LocalDate.parse(position().getBusinessDate());
    }

    @Override
    public Page<DayClose> closes(@Nullable String cursor, int limit) {
        LedgerProto.ListClosesRequest.Builder request =
                LedgerProto.ListClosesRequest.newBuilder().setLimit(Page.requireLimit(limit));
        if (cursor != null) {
            request.setCursor(cursor);
        }
        return ViewProto.readCloses(read(stub -> stub.listCloses(request.build())));
    }

    @Override
    public long lastSequence() {
        return position().getLastSequence();
    }

    private LedgerProto.Position position() {
        return read(stub -> stub.getPosition(LedgerProto.GetPositionRequest.getDefaultInstance()));
    }

    private <M> void readParts(Function<LedgerServiceBlockingStub, Iterator<M>> call, Consumer<M> part) {
        try {
            call.apply(patient()).forEachRemaining(part);
        } catch (StatusRuntimeException e) {
            throw told(e);
        }
    }

    private <M, T> Optional<T> find(Function<LedgerServiceBlockingStub, M> call, Function<M, T> read) {
        try {
            return Optional.of(read.apply(call.apply(patient())));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw told(e);
        }
    }

    private <T> T read(Function<LedgerServiceBlockingStub, T> call) {
        try {
            return call.apply(patient());
        } catch (StatusRuntimeException e) {
            throw told(e);
        }
    }

    private LedgerServiceBlockingStub patient() {
        return reads.withDeadlineAfter(READ.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The exception that the interface promises for this failure. */
    private static RuntimeException told(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, CANCELLED ->
                new LedgerUnavailableException("the ledger does not answer: " + e.getStatus(), e);
            case INVALID_ARGUMENT -> {
                RpcError.Violation broken = RpcError.violationOf(e.getStatus(), e.getTrailers());
                yield broken == null ? e : new FieldError(broken.field(), broken.rule());
            }
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                new InvalidCommandException(
                        Objects.requireNonNullElse(
                                RpcError.reasonOf(e.getStatus(), e.getTrailers()),
                                e.getStatus().getCode().name()),
                        String.valueOf(e.getStatus().getDescription()));
            default -> e;
        };
    }

    /** Waits shortly for outcomes under way, and closes the channel. */
    @Override
    public void close() {
        commands.close();
        channel.shutdownNow();
    }
}
