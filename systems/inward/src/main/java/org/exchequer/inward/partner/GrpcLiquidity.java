package org.exchequer.inward.partner;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ConfirmAllRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ConfirmAllResponse;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ReserveRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ReserveResponse;
import org.exchequer.inward.partner.liquidity.v1.LiquidityServiceGrpc;
import org.exchequer.inward.partner.liquidity.v1.LiquidityServiceGrpc.LiquidityServiceBlockingStub;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;

/** The liquidity service over gRPC: calls share one connection, which is watched, and made again when it breaks. */
public final class GrpcLiquidity implements Liquidity, AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 64 << 10;
    private static final int CONNECT_MS = 500;
    private static final Duration PATIENCE = Duration.ofMillis(50);
    private static final int MAX_REFERENCE = 50;
    private static final long RECONNECT_NANOS = Duration.ofMillis(250).toNanos();

    private final ManagedChannel channel;
    private final Guard guard;
    private final Ticker ticker;
    private final AtomicLong reconnected;
    /** Whether the service confirms several at once, as far as is known. */
    private volatile boolean together = true;

    /** @param address {@code http://host:port}; the service stands inside the bank's own network, without TLS */
    public GrpcLiquidity(URI address, Breakers breakers, Ticker ticker) {
        if (!"http".equals(address.getScheme()) || address.getHost() == null || address.getPort() < 0) {
            throw new IllegalArgumentException("address must be http://host:port");
        }
        this.channel = NettyChannelBuilder.forAddress(address.getHost(), address.getPort())
                .usePlaintext()
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                // Asking again is the caller's decision, who knows how much time is left.
                .disableRetry()
                .build();
        this.guard = new Guard("liquidity", breakers, CallLimits.STANDARD.liquidity(), PATIENCE, ticker);
        this.ticker = ticker;
        this.reconnected = new AtomicLong(ticker.nanos());
    }

    /** Calls that may be under way at once, for the lab to take away. */
    public Faults.Supply places() {
        return guard.places();
    }

    @Override
    public Reply<Decision> reserve(UUID payment, String agentBic, Money amount, long deadlineNanos) {
        ReserveRequest request = ReserveRequest.newBuilder()
                .setPaymentId(payment.toString())
                .setAgentBic(agentBic)
                .setAmount(LiquidityProto.Amount.newBuilder()
                        .setMinorUnits(amount.minorUnits())
                        .setCurrency(amount.currency().code()))
                .build();
        return call(
                "reserve", agentBic, deadlineNanos, stub -> stub.reserve(request), answer -> decision(request, answer));
    }

    @Override
    public Reply<State> confirm(String reference, long deadlineNanos) {
        var request = LiquidityProto.ConfirmRequest.newBuilder()
                .setReference(reference)
                .build();
        return call("confirm", null, deadlineNanos, stub -> stub.confirm(request), answer -> state(answer.getState()));
    }

    @Override
    public Reply<List<State>> confirmAll(List<String> references, long deadlineNanos) {
        if (together) {
            ConfirmAllRequest request =
                    ConfirmAllRequest.newBuilder().addAllReferences(references).build();
            Reply<List<State>> reply =
                    call("confirm", null, deadlineNanos, stub -> confirmAll(stub, request), answer -> {
                        if (together && answer.getStatesCount() != references.size()) {
                            throw new MangledException("as many states as references must come");
                        }
                        return answer.getStatesList().stream()
                                .map(GrpcLiquidity::state)
                                .toList();
                    });
            if (together) {
                return reply;
            }
        }
        List<State> states = new ArrayList<>();
        for (String reference : references) {
            switch (confirm(reference, deadlineNanos)) {
                case Answered<State>(State state) -> states.add(state);
                case Late<State>(String why) -> {
                    return new Late<>(why);
                }
                case Unreachable<State>(Cause cause, String why) -> {
                    return new Unreachable<>(cause, why);
                }
            }
        }
        return new Answered<>(states);
    }

    /** A service from before there was this call does without: that is no failure of the service. */
    private ConfirmAllResponse confirmAll(LiquidityServiceBlockingStub stub, ConfirmAllRequest request) {
        try {
            return stub.confirmAll(request);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
                throw e;
            }
            together = false;
            return ConfirmAllResponse.getDefaultInstance();
        }
    }

    @Override
    public Reply<State> release(String reference, long deadlineNanos) {
        var request = LiquidityProto.ReleaseRequest.newBuilder()
                .setReference(reference)
                .build();
        return call("release", null, deadlineNanos, stub -> stub.release(request), answer -> state(answer.getState()));
    }

    @Override
    public Reply<State> cancel(UUID payment, long deadlineNanos) {
        var request = LiquidityProto.CancelRequest.newBuilder()
                .setPaymentId(payment.toString())
                .build();
        return call("cancel", null, deadlineNanos, stub -> stub.cancel(request), answer -> state(answer.getState()));
    }

    private <A, T> Reply<T> call(
            String operation,
            @Nullable String resource,
            long deadlineNanos,
            Function<LiquidityServiceBlockingStub, A> remote,
            Function<A, T> read) {
        return guard.call(operation, resource, deadlineNanos, given -> {
            reconnect();
            try {
                A answer = remote.apply(
                        LiquidityServiceGrpc.newBlockingStub(channel).withDeadlineAfter(given, TimeUnit.NANOSECONDS));
                return new Answered<>(read.apply(answer));
            } catch (StatusRuntimeException e) {
                return failure(e.getStatus(), given);
            } catch (MangledException e) {
                return new Unreachable<>(Cause.MANGLED, "liquidity: " + e.getMessage());
            }
        });
    }

    /** A channel that failed to connect waits longer and longer before it tries again; here the breakers do that. */
    private void reconnect() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            long last = reconnected.get();
            long now = ticker.nanos();
            if (now - last > RECONNECT_NANOS && reconnected.compareAndSet(last, now)) {
                channel.resetConnectBackoff();
            }
        }
    }

    private static <T> Reply<T> failure(Status status, long given) {
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> new Late<>("liquidity has not answered within " + given / 1_000_000 + " ms");
            case CANCELLED ->
                Thread.currentThread().isInterrupted()
                        ? new Late<>("the wait for liquidity was interrupted")
                        : new Unreachable<>(Cause.MANGLED, "liquidity answered what is not its protocol");
            case UNAVAILABLE ->
                new Unreachable<>(
                        Cause.CONNECTION,
                        "liquidity is not there: " + HttpJson.bounded(String.valueOf(status.getDescription())));
            default -> new Unreachable<>(Cause.ERROR, "liquidity answered with " + status.getCode());
        };
    }

    private static Decision decision(ReserveRequest request, ReserveResponse answer) {
        if (!answer.getPaymentId().equals(request.getPaymentId())) {
            throw new MangledException("the answer is about another payment than was asked for");
        }
        return switch (answer.getDecisionCase()) {
            case APPROVED -> approved(request, answer.getApproved());
            case DECLINED ->
                new Declined(
                        switch (answer.getDeclined().getReason()) {
                            case DECLINE_REASON_INSUFFICIENT -> Reason.INSUFFICIENT;
                            case DECLINE_REASON_NO_POSITION -> Reason.NO_POSITION;
                            case DECLINE_REASON_CANCELLED -> Reason.CANCELLED;
                            case DECLINE_REASON_ANOTHER_RESERVATION -> Reason.ANOTHER_RESERVATION;
                            case DECLINE_REASON_UNSPECIFIED, UNRECOGNIZED ->
                                throw new MangledException("a reason that is not known");
                        },
                        HttpJson.bounded(answer.getDeclined().getText()));
            case DECISION_NOT_SET -> throw new MangledException("neither approved nor declined");
        };
    }

    private static Approved approved(ReserveRequest request, LiquidityProto.Approved approved) {
        String reference = approved.getReference();
        if (reference.isBlank() || reference.length() > MAX_REFERENCE) {
            throw new MangledException("a reference must have 1 to 50 characters");
        }
        String currency = approved.getAvailable().getCurrency();
        if (!currency.equals(request.getAmount().getCurrency())) {
            throw new MangledException("available is in another currency than was asked for");
        }
        Optional<Currency> known = Currency.find(currency);
        return new Approved(reference, new Money(approved.getAvailable().getMinorUnits(), known.orElseThrow()));
    }

    private static State state(LiquidityProto.State state) {
        return switch (state) {
            case STATE_CONFIRMED -> State.CONFIRMED;
            case STATE_RELEASED -> State.RELEASED;
            case STATE_UNKNOWN -> State.UNKNOWN;
            case STATE_UNSPECIFIED, UNRECOGNIZED -> throw new MangledException("a state that is not known");
        };
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
