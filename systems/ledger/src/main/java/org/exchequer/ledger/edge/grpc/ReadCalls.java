package org.exchequer.ledger.edge.grpc;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.grpc.stub.StreamObservers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc;
import org.exchequer.platform.grpc.RpcError;
import org.jspecify.annotations.Nullable;

/** The reads of the ledger, and how every call of one request is answered. */
class ReadCalls extends LedgerServiceGrpc.LedgerServiceImplBase {
    private static final int DEFAULT_LIMIT = 100;
    private static final String NO_ACCOUNT = "ACCOUNT_NOT_FOUND";

    private final Ledger ledger;
    private final Proofs proofs;

    ReadCalls(Ledger ledger, Proofs proofs) {
        this.ledger = ledger;
        this.proofs = proofs;
    }

    /** Answers a call; what it throws because of the caller or the books becomes a status. */
    static <A> void answer(StreamObserver<A> caller, Supplier<A> work) {
        A answer = answering(work);
        caller.onNext(answer);
        caller.onCompleted();
    }

    /** One message after the other, as fast as the caller reads. */
    private static <A> void answerInParts(StreamObserver<A> caller, Supplier<List<A>> work) {
        StreamObservers.copyWithFlowControl(answering(work), (ServerCallStreamObserver<A>) caller);
    }

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

    private static <T, A> void find(
            StreamObserver<A> caller, String reason, Supplier<Optional<T>> find, Function<T, A> write) {
        answer(caller, () -> find.get().map(write).orElseThrow(() -> missing(reason)));
    }

    /** Finds what only a posting account has. */
    private <T, A> void findOf(
            String account, StreamObserver<A> caller, Supplier<Optional<T>> find, Function<T, A> write) {
        answer(
                caller,
                () -> find.get()
                        .map(write)
                        .orElseThrow(() -> ledger.account(account).isEmpty()
                                ? missing(NO_ACCOUNT)
                                : RpcError.of(
                                                Code.NOT_FOUND,
                                                "ACCOUNT_IS_SUMMARY",
                                                "The account groups others and has no entries of its own.")
                                        .asException()));
    }

    private static StatusRuntimeException missing(String reason) {
        return RpcError.of(Code.NOT_FOUND, reason, "There is no such thing in the ledger.")
                .asException();
    }

    private static int limit(int given) {
        return given == 0 ? DEFAULT_LIMIT : Page.requireLimit(given);
    }

    private static @Nullable String given(boolean given, String text) {
        return given ? text : null;
    }

    @Override
    public void getOutcome(LedgerProto.GetOutcomeRequest request, StreamObserver<LedgerProto.Outcome> caller) {
        find(caller, "COMMAND_NOT_FOUND", () -> ledger.outcome(request.getKey()), OutcomeProto::write);
    }

    @Override
    public void getAccount(LedgerProto.GetAccountRequest request, StreamObserver<LedgerProto.Account> caller) {
        find(caller, NO_ACCOUNT, () -> ledger.account(request.getCode()), ViewProto::write);
    }

    @Override
    public void listAccounts(LedgerProto.ListAccountsRequest request, StreamObserver<LedgerProto.AccountPage> caller) {
        answer(
                caller,
                () -> ViewProto.writeAccounts(ledger.accounts(
                        request.getPrefix(),
                        given(request.hasCursor(), request.getCursor()),
                        limit(request.getLimit()))));
    }

    @Override
    public void getBalance(LedgerProto.GetBalanceRequest request, StreamObserver<LedgerProto.Balance> caller) {
        findOf(
                request.getAccount(),
                caller,
                () -> request.getAsOf().hasDate()
                        ? ledger.balance(request.getAccount(), ReportProto.read(request.getAsOf()))
                        : ledger.balance(request.getAccount()),
                ViewProto::write);
    }

    @Override
    public void getRollUp(LedgerProto.GetRollUpRequest request, StreamObserver<LedgerProto.RollUps> caller) {
        find(
                caller,
                NO_ACCOUNT,
                () -> ledger.rollUp(request.getAccount(), ReportProto.read(request.getAsOf())),
                rollups -> LedgerProto.RollUps.newBuilder()
                        .addAllCurrencies(
                                rollups.stream().map(ReportProto::write).toList())
                        .build());
    }

    @Override
    public void getHistory(LedgerProto.GetHistoryRequest request, StreamObserver<LedgerProto.History> caller) {
        findOf(
                request.getAccount(),
                caller,
                () -> ledger.history(
                        request.getAccount(),
                        CommandProto.date(request.getFrom(), "from"),
                        CommandProto.date(request.getTo(), "to")),
                days -> LedgerProto.History.newBuilder()
                        .addAllDays(days.stream().map(ViewProto::write).toList())
                        .build());
    }

    @Override
    public void getStatement(
            LedgerProto.GetStatementRequest request, StreamObserver<LedgerProto.StatementPage> caller) {
        findOf(
                request.getAccount(),
                caller,
                () -> ledger.statement(
                        request.getAccount(),
                        new Period(
                                request.hasFrom() ? CommandProto.date(request.getFrom(), "from") : null,
                                request.hasTo() ? CommandProto.date(request.getTo(), "to") : null),
                        given(request.hasCursor(), request.getCursor()),
                        limit(request.getLimit())),
                ViewProto::writeStatement);
    }

    @Override
    public void getTransaction(
            LedgerProto.GetTransactionRequest request, StreamObserver<LedgerProto.Transaction> caller) {
        find(caller, "TRANSACTION_NOT_FOUND", () -> ledger.transaction(request.getId()), ViewProto::write);
    }

    @Override
    public void findTransactions(
            LedgerProto.FindTransactionsRequest request, StreamObserver<LedgerProto.Transactions> caller) {
        answer(
                caller,
                () -> ViewProto.writeTransactions(ledger.byReference(
                        request.getReference(),
                        given(request.hasCursor(), request.getCursor()),
                        limit(request.getLimit()))));
    }

    @Override
    public void listTransactions(
            LedgerProto.ListTransactionsRequest request, StreamObserver<LedgerProto.TransactionPage> caller) {
        answer(caller, () -> {
            if (request.getAfter() < 0) {
                throw new FieldError("after", "must not be negative");
            }
            Page<Transaction> page = ledger.transactions(request.getAfter(), limit(request.getLimit()));
            LedgerProto.TransactionPage.Builder message = LedgerProto.TransactionPage.newBuilder();
            page.items().forEach(transaction -> message.addTransactions(ViewProto.write(transaction)));
            if (page.next() != null) {
                message.setNext(Long.parseLong(page.next()));
            }
            return message.build();
        });
    }

    @Override
    public void listLatestTransactions(
            LedgerProto.ListLatestTransactionsRequest request, StreamObserver<LedgerProto.Transactions> caller) {
        answer(
                caller,
                () -> ViewProto.writeTransactions(
                        ledger.latest(given(request.hasCursor(), request.getCursor()), limit(request.getLimit()))));
    }

    @Override
    public void listLinked(LedgerProto.ListLinkedRequest request, StreamObserver<LedgerProto.LinkedOutcomes> caller) {
        answer(caller, () -> LedgerRpc.linked(ledger.linked(request.getLinkedTo())));
    }

    @Override
    public void listReversals(
            LedgerProto.ListReversalsRequest request, StreamObserver<LedgerProto.TransactionIds> caller) {
        answer(
                caller,
                () -> LedgerProto.TransactionIds.newBuilder()
                        .addAllIds(ledger.reversalsOf(request.getTransactionId()))
                        .build());
    }

    @Override
    public void getPending(
            LedgerProto.GetPendingRequest request, StreamObserver<LedgerProto.PendingTransaction> caller) {
        find(caller, "PENDING_NOT_FOUND", () -> ledger.pending(request.getId()), ViewProto::write);
    }

    @Override
    public void listPending(LedgerProto.ListPendingRequest request, StreamObserver<LedgerProto.PendingPage> caller) {
        findOf(
                request.getAccount(),
                caller,
                () -> ledger.pendingOf(
                        request.getAccount(),
                        given(request.hasCursor(), request.getCursor()),
                        limit(request.getLimit())),
                ViewProto::writePending);
    }

    @Override
    public void listAllPending(
            LedgerProto.ListAllPendingRequest request, StreamObserver<LedgerProto.PendingPage> caller) {
        answer(
                caller,
                () -> ViewProto.writePending(ledger.pending(
                        request.getOpenOnly(),
                        given(request.hasReference(), request.getReference()),
                        given(request.hasCursor(), request.getCursor()),
                        limit(request.getLimit()))));
    }

    @Override
    public void listPostings(
            LedgerProto.ListPostingsRequest request, StreamObserver<LedgerProto.TransactionIds> caller) {
        answer(
                caller,
                () -> LedgerProto.TransactionIds.newBuilder()
                        .addAllIds(ledger.postingsOf(request.getPendingId()))
                        .build());
    }

    @Override
    public void getAdjustment(LedgerProto.GetAdjustmentRequest request, StreamObserver<LedgerProto.Adjustment> caller) {
        find(caller, "ADJUSTMENT_NOT_FOUND", () -> ledger.adjustment(request.getId()), ViewProto::write);
    }

    @Override
    public void listAdjustments(
            LedgerProto.ListAdjustmentsRequest request, StreamObserver<LedgerProto.Adjustments> caller) {
        answer(
                caller,
                () -> ViewProto.writeAdjustments(ledger.adjustments(
                        request.getOpenOnly(),
                        given(request.hasCursor(), request.getCursor()),
                        limit(request.getLimit()))));
    }

    @Override
    public void getTrialBalance(
            LedgerProto.GetTrialBalanceRequest request, StreamObserver<LedgerProto.TrialBalance> caller) {
        answerInParts(caller, () -> ReportProto.write(ledger.trialBalance(ReportProto.read(request.getAsOf()))));
    }

    @Override
    public void getBalanceSheet(
            LedgerProto.GetBalanceSheetRequest request, StreamObserver<LedgerProto.BalanceSheet> caller) {
        answerInParts(caller, () -> ReportProto.write(ledger.balanceSheet(ReportProto.read(request.getAsOf()))));
    }

    @Override
    public void getIncomeStatement(
            LedgerProto.GetIncomeStatementRequest request, StreamObserver<LedgerProto.IncomeStatement> caller) {
        answerInParts(
                caller,
                () -> ReportProto.write(ledger.incomeStatement(
                        CommandProto.date(request.getFrom(), "from"),
                        CommandProto.date(request.getTo(), "to"),
                        ReportProto.read(request.getBasis()))));
    }

    @Override
    public void listCloses(LedgerProto.ListClosesRequest request, StreamObserver<LedgerProto.DayCloses> caller) {
        answer(
                caller,
                () -> ViewProto.writeCloses(
                        ledger.closes(given(request.hasCursor(), request.getCursor()), limit(request.getLimit()))));
    }

    @Override
    public void getPosition(LedgerProto.GetPositionRequest request, StreamObserver<LedgerProto.Position> caller) {
        answer(
                caller,
                () -> LedgerProto.Position.newBuilder()
                        .setLastSequence(ledger.lastSequence())
                        .setBusinessDate(ledger.businessDate().toString())
                        .build());
    }

    @Override
    public void getProof(LedgerProto.GetProofRequest request, StreamObserver<LedgerProto.Proof> caller) {
        find(
                caller,
                "TRANSACTION_NOT_FOUND",
                () -> ledger.transaction(request.getTransactionId()),
                transaction -> switch (proofs.prove(transaction.id())) {
                    case Proofs.Proof.Bundle bundle ->
                        LedgerProto.Proof.newBuilder().setBundle(bundle.text()).build();
                    case Proofs.Proof.NotReady notReady ->
                        throw RpcError.of(Code.UNAVAILABLE, "PROOF_NOT_READY", notReady.why())
                                .retryAfter(Duration.ofSeconds(1))
                                .asException();
                    case Proofs.Proof.Purged ignored ->
                        throw RpcError.of(Code.NOT_FOUND, "PROOF_PURGED", "Its entry was purged from the proof log.")
                                .asException();
                });
    }

    @Override
    public void getProofResource(
            LedgerProto.GetProofResourceRequest request, StreamObserver<LedgerProto.ProofResource> caller) {
        find(
                caller,
                "TILE_NOT_FOUND",
                () -> proofs.resource(request.getPath()),
                content -> LedgerProto.ProofResource.newBuilder()
                        .setContent(ByteString.copyFrom(content))
                        .build());
    }
}
