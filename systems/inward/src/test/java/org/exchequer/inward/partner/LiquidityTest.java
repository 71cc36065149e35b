package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.exchequer.inward.partner.Liquidity.Approved;
import org.exchequer.inward.partner.Liquidity.Decision;
import org.exchequer.inward.partner.Liquidity.Declined;
import org.exchequer.inward.partner.Liquidity.Reason;
import org.exchequer.inward.partner.Liquidity.State;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.ConfirmRequest;
import org.exchequer.inward.partner.liquidity.v1.LiquidityProto.StateResponse;
import org.exchequer.inward.partner.liquidity.v1.LiquidityServiceGrpc;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.inward.sim.Positions.Position;
import org.exchequer.inward.sim.Script;
import org.exchequer.inward.sim.Service;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.kafka.SchemaLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiquidityTest {
    private static final String BIC = "TESTSGS1XXX";
    private static final Money AMOUNT = Money.of(10_000, "SGD");

    private final Ticker ticker = Ticker.system();
    private final Breakers breakers =
            new Breakers("one", ticker, CoreBankingTest.PATIENT, CoreBankingTest.PATIENT, BreakerBoard.inMemory());
    private final PartnerSimulator simulator;
    private final GrpcLiquidity liquidity;
    private final UUID payment = UUID.randomUUID();

    LiquidityTest() throws IOException {
        simulator = PartnerSimulator.start(
                new PartnerSimulator.Settings(7, Map.of(), Map.of(), 0, "2000.x"), Clock.systemUTC(), ticker);
        simulator.positions().set("TESTSGS1", "SGD", 1_000_000);
        liquidity = new GrpcLiquidity(simulator.url(Service.LIQUIDITY), breakers, ticker);
    }

    @AfterEach
    void stop() {
        liquidity.close();
        simulator.close();
    }

    private long in(long ms) {
        return ticker.nanos() + ms * 1_000_000;
    }

    private Reply<Decision> reserve(UUID id, Money amount) {
        return liquidity.reserve(id, BIC, amount, in(10_000));
    }

    private static <T> T value(Reply<T> reply) {
        assertThat(reply).isInstanceOf(Answered.class);
        return ((Answered<T>) reply).value();
    }

    private Position position() {
        return simulator.positions().positions().getFirst();
    }

    @Test
    void reservesOnceAndEndsOnce() {
        Approved approved = (Approved) value(reserve(payment, AMOUNT));
        assertThat(approved.available()).isEqualTo(Money.of(990_000, "SGD"));
        assertThat(value(reserve(payment, AMOUNT))).isEqualTo(approved);
        assertThat(position().reserved()).isEqualTo(10_000);
        assertThat(value(reserve(payment, Money.of(1, "SGD"))))
                .isInstanceOfSatisfying(
                        Declined.class, e -> assertThat(e.reason()).isEqualTo(Reason.ANOTHER_RESERVATION));
        assertThat(value(liquidity.confirm(approved.reference(), in(10_000)))).isEqualTo(State.CONFIRMED);
        assertThat(value(liquidity.release(approved.reference(), in(10_000)))).isEqualTo(State.CONFIRMED);
        assertThat(value(liquidity.cancel(payment, in(10_000)))).isEqualTo(State.CONFIRMED);
        assertThat(position()).isEqualTo(new Position("TESTSGS1", "SGD", 1_000_000, 990_000, 0, 10_000, 0));
        assertThat(value(liquidity.confirm("LQ-nothing", in(10_000)))).isEqualTo(State.UNKNOWN);
    }

    @Test
    void confirmsSeveralEachByItself() {
        Approved first = (Approved) value(reserve(payment, AMOUNT));
        Approved second = (Approved) value(reserve(UUID.randomUUID(), AMOUNT));
        Approved released = (Approved) value(reserve(UUID.randomUUID(), AMOUNT));
        assertThat(value(liquidity.release(released.reference(), in(10_000)))).isEqualTo(State.RELEASED);
        List<String> references =
                List.of(first.reference(), "LQ-nothing", released.reference(), second.reference(), first.reference());
        simulator.play(Service.LIQUIDITY, "confirm", Script.AT_ONCE.losing(1));
        assertThat(CoreBankingTest.cause(liquidity.confirmAll(references, in(10_000))))
                .isEqualTo(Cause.CONNECTION);
        simulator.play(Service.LIQUIDITY, "confirm", Script.AT_ONCE.mangling(1));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> CoreBankingTest.cause(liquidity.confirmAll(references, in(10_000))) == Cause.MANGLED);
        simulator.reset();
        assertThat(value(liquidity.confirmAll(references, in(10_000))))
                .containsExactly(State.CONFIRMED, State.UNKNOWN, State.RELEASED, State.CONFIRMED, State.CONFIRMED);
        assertThat(position()).isEqualTo(new Position("TESTSGS1", "SGD", 1_000_000, 980_000, 0, 20_000, 0));
        assertThat(CoreBankingTest.cause(liquidity.confirmAll(List.of(), in(10_000))))
                .isEqualTo(Cause.ERROR);
    }

    @Test
    void aServiceThatKnowsNoneOfThatIsAskedOneByOneAndNotTakenForBroken() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        Server older = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new LiquidityServiceGrpc.LiquidityServiceImplBase() {
                    @Override
                    public void confirm(ConfirmRequest request, StreamObserver<StateResponse> caller) {
                        asked.add(request.getReference());
                        caller.onNext(StateResponse.newBuilder()
                                .setState(LiquidityProto.State.STATE_CONFIRMED)
                                .build());
                        caller.onCompleted();
                    }
                })
                .build()
                .start();
        try (GrpcLiquidity client =
                new GrpcLiquidity(URI.create("http://127.0.0.1:" + older.getPort()), breakers, ticker)) {
            for (int i = 0; i < 2; i++) {
                assertThat(value(client.confirmAll(List.of("LQ-1", "LQ-2"), in(10_000))))
                        .containsExactly(State.CONFIRMED, State.CONFIRMED);
            }
            assertThat(asked).containsExactly("LQ-1", "LQ-2", "LQ-1", "LQ-2");
            assertThat(breakers.readings()).allMatch(each -> each.failures() == 0);
        } finally {
            older.shutdownNow();
        }
    }

    @Test
    void declinesWhatIsNotCovered() {
        assertThat(value(reserve(payment, Money.of(1_000_001, "SGD"))))
                .isEqualTo(new Declined(Reason.INSUFFICIENT, "the position does not cover it"));
        assertThat(value(reserve(payment, Money.of(1, "USD"))))
                .isEqualTo(new Declined(Reason.NO_POSITION, "no position in USD"));
    }

    @Test
    void aReplyThatIsLostIsAskedForAgain() {
        simulator.play(Service.LIQUIDITY, "reserve", Script.AT_ONCE.losing(1));
        Reply<Decision> lost = reserve(payment, AMOUNT);
        assertThat(CoreBankingTest.cause(lost)).isEqualTo(Cause.CONNECTION);
        assertThat(Cause.CONNECTION.sent()).isTrue();
        assertThat(position().reserved()).as("it was done").isEqualTo(10_000);
        simulator.reset();
        Approved approved = (Approved) value(reserve(payment, AMOUNT));
        assertThat(position().reserved()).as("once").isEqualTo(10_000);
        assertThat(value(liquidity.release(approved.reference(), in(10_000)))).isEqualTo(State.RELEASED);
        assertThat(position().available()).isEqualTo(1_000_000);
    }

    @Test
    void whatIsCancelledCannotBeReservedLater() {
        simulator.play(Service.LIQUIDITY, "reserve", Script.AT_ONCE.taking(150, 150));
        Reply<Decision> late = liquidity.reserve(payment, BIC, AMOUNT, in(30));
        assertThat(late).isInstanceOf(Late.class);
        assertThat(value(liquidity.cancel(payment, in(10_000)))).isEqualTo(State.RELEASED);
        simulator.reset();
        assertThat(value(reserve(payment, AMOUNT)))
                .isInstanceOfSatisfying(
                        Declined.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
        assertThat(position().available()).isEqualTo(1_000_000);
    }

    @Test
    void aServiceThatHangsIsGivenUpInTime() {
        reserve(UUID.randomUUID(), AMOUNT);
        simulator.play(Service.LIQUIDITY, Script.AT_ONCE.hanging(1));
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = ticker.nanos();
            assertThat(liquidity.reserve(payment, BIC, AMOUNT, in(100))).isInstanceOf(Late.class);
            best = Math.min(best, ticker.nanos() - start);
        }
        assertThat(Duration.ofNanos(best)).isBetween(Duration.ofMillis(99), Duration.ofMillis(120));
    }

    @Test
    void failuresAreToldApartAndEnd() {
        simulator.play(Service.LIQUIDITY, Script.AT_ONCE.failing(1, Script.Failure.UNAVAILABLE));
        assertThat(CoreBankingTest.cause(reserve(payment, AMOUNT))).isEqualTo(Cause.CONNECTION);
        simulator.play(Service.LIQUIDITY, Script.AT_ONCE.failing(1, Script.Failure.INTERNAL));
        assertThat(CoreBankingTest.cause(reserve(payment, AMOUNT))).isEqualTo(Cause.ERROR);
        simulator.play(Service.LIQUIDITY, Script.AT_ONCE.mangling(1));
        assertThat(CoreBankingTest.cause(reserve(payment, AMOUNT))).isEqualTo(Cause.MANGLED);
        assertThat(CoreBankingTest.cause(liquidity.cancel(payment, in(10_000)))).isEqualTo(Cause.MANGLED);
        simulator.play(Service.LIQUIDITY, Script.AT_ONCE.failing(1, Script.Failure.DISCONNECT));
        assertThat(CoreBankingTest.cause(reserve(payment, AMOUNT))).isEqualTo(Cause.CONNECTION);
        simulator.reset();
        UUID other = UUID.randomUUID();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(reserve(other, AMOUNT)).isInstanceOf(Answered.class));
    }

    @Test
    void nothingIsLostOrMadeWhateverBreaks() throws Exception {
        Script rough = Script.AT_ONCE
                .taking(1, 5)
                .failing(0.1, Script.Failure.UNAVAILABLE)
                .losing(0.05)
                .mangling(0.05);
        simulator.play(Service.LIQUIDITY, rough);
        List<Future<Long>> ends = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                SplittableRandom random = new SplittableRandom(i);
                ends.add(threads.submit(() -> pay(random)));
            }
        }
        long used = 0;
        for (Future<Long> end : ends) {
            used += end.get();
        }
        assertThat(position()).isEqualTo(new Position("TESTSGS1", "SGD", 1_000_000, 1_000_000 - used, 0, used, 0));
        assertThat(position().conserved()).isTrue();
    }

    /** Reserves, asking until there is an answer, and ends it one way or another; returns what was used. */
    private long pay(SplittableRandom random) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Money amount = Money.of(1 + random.nextInt(20_000), "SGD");
        Decision decision = until(() -> reserve(id, amount));
        if (!(decision instanceof Approved approved)) {
            return 0;
        }
        return switch (random.nextInt(3)) {
            case 0 ->
                until(() -> liquidity.confirm(approved.reference(), in(10_000))) == State.CONFIRMED
                        ? amount.minorUnits()
                        : 0;
            case 1 -> until(() -> liquidity.release(approved.reference(), in(10_000))) == State.RELEASED ? 0 : -1;
            default -> until(() -> liquidity.cancel(id, in(10_000))) == State.RELEASED ? 0 : -1;
        };
    }

    private static <T> T until(Supplier<Reply<T>> call) {
        for (int i = 0; i < 500; i++) {
            if (call.get() instanceof Answered<T>(T value)) {
                return value;
            }
        }
        throw new AssertionError("no answer to 500 calls");
    }

    @Test
    void schemaKeepsItsPromises() throws IOException {
        FileDescriptorProto schema = LiquidityProto.getDescriptor().toProto();
        Path lock = Path.of("src/main/proto/exchequer/partner/liquidity/v1/liquidity.lock");
        List<String> locked = Files.readAllLines(lock);
        List<String> current = SchemaLock.describe(schema);
        assertThat(SchemaLock.broken(locked, current))
                .as("breaking changes of v1; make a v2 instead")
                .isEmpty();
        assertThat(SchemaLock.added(locked, current))
                .as("new promises, to be added to " + lock)
                .isEmpty();
        FileDescriptorProto.Builder retyped = schema.toBuilder();
        retyped.getMessageTypeBuilder(0).getFieldBuilder(0).setName("amount");
        assertThat(SchemaLock.broken(locked, SchemaLock.describe(retyped.build())))
                .isNotEmpty();
    }
}
