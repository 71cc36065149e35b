package org.exchequer.inward.sim;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.net.SocketAddress;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.exchequer.inward.partner.Liquidity;
import org.exchequer.inward.partner.Liquidity.Approved;
import org.exchequer.inward.partner.Liquidity.Declined;
import org.exchequer.inward.partner.Liquidity.State;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.CancelRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ConfirmAllRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ConfirmAllResponse;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ConfirmRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.DeclineReason;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ReleaseRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ReserveRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ReserveResponse;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.StateResponse;
import org.exchequer.inward.partner.liquidity.v1.LiquidityServiceGrpc;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/** The simulated liquidity service, played by the scripts of its operations. */
final class LiquidityDoor extends LiquidityServiceGrpc.LiquidityServiceImplBase {
    private static final Pattern BIC = Pattern.compile("[A-Z0-9]{8}([A-Z0-9]{3})?");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Where the caller of the call at hand is. */
    private static final Context.Key<SocketAddress> CALLER = Context.key("caller");

    /** Remembers where each call comes from, so that its connection can be broken. */
    static final ServerInterceptor CALLERS = new ServerInterceptor() {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            return Contexts.interceptCall(Context.current().withValue(CALLER, from), call, headers, next);
        }
    };

    private final Positions positions;
    private final Map<String, Player> players;
    private final Executor waiting;
    private final Consumer<SocketAddress> breaker;

    /**
     * Answers on the calling thread what it answers at once.
     *
     * @param waiting runs what takes longer
     * @param breaker breaks the connection from an address
     */
    LiquidityDoor(Positions positions, Map<String, Player> players, Executor waiting, Consumer<SocketAddress> breaker) {
        this.waiting = waiting;
        this.positions = positions;
        this.players = players;
        this.breaker = breaker;
    }

    @Override
    public void reserve(ReserveRequest request, StreamObserver<ReserveResponse> caller) {
        UUID payment = uuid(request.getPaymentId());
        Currency currency = Currency.find(request.getAmount().getCurrency()).orElse(null);
        String bic = request.getAgentBic();
        if (payment == null
                || currency == null
                || request.getAmount().getMinorUnits() <= 0
                || !BIC.matcher(bic).matches()) {
            caller.onError(Status.INVALID_ARGUMENT
                    .withDescription("payment_id, agent_bic or amount is none")
                    .asRuntimeException());
            return;
        }
        Money amount = new Money(request.getAmount().getMinorUnits(), currency);
        ReserveResponse.Builder mangled = ReserveResponse.newBuilder().setPaymentId(new UUID(0, 0).toString());
        play("reserve", caller, mangled.build(), () -> {
            ReserveResponse.Builder answer = ReserveResponse.newBuilder().setPaymentId(request.getPaymentId());
            switch (positions.reserve(payment, bic, amount)) {
                case Approved approved ->
                    answer.getApprovedBuilder()
                            .setReference(approved.reference())
                            .setAvailable(LiquidityProto.Amount.newBuilder()
                                    .setMinorUnits(approved.available().minorUnits())
                                    .setCurrency(currency.code()));
                case Declined declined ->
                    answer.getDeclinedBuilder()
                            .setReason(DeclineReason.valueOf(
                                    "DECLINE_REASON_" + declined.reason().name()))
                            .setText(declined.text());
            }
            return answer.build();
        });
    }

    @Override
    public void confirm(ConfirmRequest request, StreamObserver<StateResponse> caller) {
        play(
                "confirm",
                caller,
                StateResponse.getDefaultInstance(),
                () -> state(positions.end(request.getReference(), State.CONFIRMED)));
    }

    @Override
    public void confirmAll(ConfirmAllRequest request, StreamObserver<ConfirmAllResponse> caller) {
        if (request.getReferencesCount() < 1 || request.getReferencesCount() > Liquidity.MOST_CONFIRMED) {
            caller.onError(Status.INVALID_ARGUMENT
                    .withDescription("references must be 1 to " + Liquidity.MOST_CONFIRMED)
                    .asRuntimeException());
            return;
        }
        play("confirm", caller, ConfirmAllResponse.getDefaultInstance(), () -> {
            ConfirmAllResponse.Builder answer = ConfirmAllResponse.newBuilder();
            request.getReferencesList()
                    .forEach(reference -> answer.addStates(
                            state(positions.end(reference, State.CONFIRMED)).getState()));
            return answer.build();
        });
    }

    @Override
    public void release(ReleaseRequest request, StreamObserver<StateResponse> caller) {
        play(
                "release",
                caller,
                StateResponse.getDefaultInstance(),
                () -> state(positions.end(request.getReference(), State.RELEASED)));
    }

    @Override
    public void cancel(CancelRequest request, StreamObserver<StateResponse> caller) {
        UUID payment = uuid(request.getPaymentId());
        if (payment == null) {
            caller.onError(Status.INVALID_ARGUMENT
                    .withDescription("payment_id is no UUID")
                    .asRuntimeException());
            return;
        }
        play("cancel", caller, StateResponse.getDefaultInstance(), () -> state(positions.cancel(payment)));
    }

    private <A> void play(String operation, StreamObserver<A> caller, A mangled, Supplier<A> work) {
        Player player = players.get(operation);
        SocketAddress from = CALLER.get();
        if (player == null || from == null) {
            throw new IllegalStateException("no script for " + operation + ", or no caller");
        }
        Player.Turn turn = player.turn();
        if (!turn.waits()) {
            end(turn.fate(), player, from, caller, mangled, work);
            return;
        }
        waiting.execute(() -> {
            Player.Fate fate;
            try {
                fate = turn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fate = Player.Fate.HUNG;
            }
            end(fate, player, from, caller, mangled, work);
        });
    }

    private <A> void end(
            Player.Fate fate,
            Player player,
            SocketAddress from,
            StreamObserver<A> caller,
            A mangled,
            Supplier<A> work) {
        switch (fate) {
            case ANSWERED -> answer(caller, work.get());
            case MANGLED -> {
                var unused = work.get();
                answer(caller, mangled);
            }
            case LOST -> {
                var unused = work.get();
                breaker.accept(from);
            }
            case HUNG -> breaker.accept(from);
            case FAILED -> {
                switch (player.script().failure()) {
                    case INTERNAL -> caller.onError(Status.INTERNAL.asRuntimeException());
                    case UNAVAILABLE -> caller.onError(Status.UNAVAILABLE.asRuntimeException());
                    case DISCONNECT -> breaker.accept(from);
                }
            }
        }
    }

    private static <A> void answer(StreamObserver<A> caller, A answer) {
        caller.onNext(answer);
        caller.onCompleted();
    }

    private static StateResponse state(State state) {
        return StateResponse.newBuilder()
                .setState(LiquidityProto.State.valueOf("STATE_" + state.name()))
                .build();
    }

    private static @Nullable UUID uuid(String text) {
        return UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : null;
    }
}
