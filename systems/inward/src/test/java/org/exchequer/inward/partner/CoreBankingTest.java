package org.exchequer.inward.partner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.exchequer.inward.partner.AccountInfo.Risk;
import org.exchequer.inward.partner.AccountInfo.Source;
import org.exchequer.inward.partner.AccountInfo.Status;
import org.exchequer.inward.partner.CoreBanking.Found;
import org.exchequer.inward.partner.CoreBanking.Lookup;
import org.exchequer.inward.partner.CoreBanking.NotFound;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.inward.sim.PartnerSimulator;
import org.exchequer.inward.sim.Script;
import org.exchequer.inward.sim.Service;
import org.exchequer.kernel.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoreBankingTest {
    /** Never opens within a test, so that each call shows what the client itself does. */
    static final BreakerSettings PATIENT = new BreakerSettings(
            10_000,
            10_000,
            1,
            1,
            1,
            Duration.ofSeconds(9),
            Duration.ofSeconds(9),
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");

    private final Ticker ticker = Ticker.system();
    private final Breakers breakers = new Breakers("one", ticker, PATIENT, PATIENT, BreakerBoard.inMemory());
    private PartnerSimulator simulator;
    private HttpCoreBanking vam;
    private HttpCoreBanking midanz;

    CoreBankingTest() throws IOException {
        simulator = PartnerSimulator.start(
                PartnerSimulator.Settings.atOnce(7, Map.of()), Clock.fixed(NOW, ZoneOffset.UTC), ticker);
        vam = HttpCoreBanking.vam(simulator.url(Service.VAM), breakers, ticker);
        midanz = HttpCoreBanking.midanz(simulator.url(Service.MIDANZ), breakers, ticker);
    }

    @BeforeEach
    void connect() {
        found(vam, "0", "SGD");
    }

    @AfterEach
    void stop() {
        vam.close();
        midanz.close();
        simulator.close();
    }

    private long in(long ms) {
        return ticker.nanos() + ms * 1_000_000;
    }

    private AccountInfo found(CoreBanking system, String number, String currency) {
        Reply<Lookup> reply = system.account(number, currency, in(10_000));
        assertThat(reply).isInstanceOf(Answered.class);
        return ((Found) ((Answered<Lookup>) reply).value()).account();
    }

    @Test
    void accountsFollowFromTheirNumbers() {
        AccountInfo account = found(vam, "0012345617", "SGD");
        assertThat(account).isEqualTo(found(vam, "0012345617", "SGD"));
        assertThat(account.status()).isEqualTo(Status.ACTIVE);
        assertThat(account.currency()).isEqualTo("SGD");
        assertThat(account.risk()).isEqualTo(Risk.LOW);
        assertThat(account.source()).isEqualTo(Source.VAM);
        assertThat(account.asOf()).isEqualTo(NOW);
        assertThat(account.ledgerAccount()).matches("2000\\.deposits\\.sgd\\.\\d");
        assertThat(found(midanz, "0012345617", "SGD").holder()).isEqualTo(account.holder());
        assertThat(found(vam, "0012345690", "SGD").status()).isEqualTo(Status.BLOCKED);
        assertThat(found(vam, "0012345691", "SGD").status()).isEqualTo(Status.CLOSED);
        assertThat(found(vam, "0012345692", "SGD").status()).isEqualTo(Status.DORMANT);
        assertThat(found(vam, "0012345693", "SGD").currency()).isEqualTo("USD");
        assertThat(found(midanz, "0012345695", "EUR").risk()).isEqualTo(Risk.MEDIUM);
        assertThat(found(midanz, "DE02/X-96", "EUR").risk()).isEqualTo(Risk.HIGH);
    }

    @Test
    void unknownAccountsAreAnAnswer() {
        assertThat(vam.account("0012345694", "SGD", in(10_000))).isEqualTo(new Answered<>(new NotFound("0012345694")));
        assertThat(vam.account("0012345617", "USD", in(10_000)))
                .as("VAM keeps Singapore dollars only")
                .isEqualTo(new Answered<>(new NotFound("0012345617")));
        long before = simulator.calls(Service.VAM, "account");
        assertThat(vam.account("0012345617?x=\n", "SGD", in(10_000))).isInstanceOf(Answered.class);
        assertThat(simulator.calls(Service.VAM, "account")).isEqualTo(before);
    }

    @Test
    void aSystemThatHangsIsGivenUpInTime() {
        simulator.play(Service.VAM, Script.AT_ONCE.hanging(1));
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = ticker.nanos();
            Reply<Lookup> reply = vam.account("0012345617", "SGD", in(100));
            long took = ticker.nanos() - start;
            assertThat(reply).isInstanceOf(Late.class);
            assertThat(took).isGreaterThanOrEqualTo(99_000_000L);
            best = Math.min(best, took);
        }
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(120));
        simulator.reset();
        found(vam, "0012345617", "SGD");
    }

    @Test
    void aCallCanBeGivenUpAtAnyMoment() {
        simulator.play(Service.VAM, Script.AT_ONCE.taking(1, 3));
        Queue<Reply<Lookup>> replies = new ConcurrentLinkedQueue<>();
        List<Future<?>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                long seed = i;
                callers.add(threads.submit(() -> {
                    Random random = new Random(seed);
                    for (int j = 0; j < 50; j++) {
                        replies.add(
                                vam.account("0012345617", "SGD", ticker.nanos() + random.nextLong(1_000, 5_000_000)));
                    }
                }));
            }
        }
        assertThat(callers).allSatisfy(caller -> assertThat(caller).succeedsWithin(Duration.ZERO));
        assertThat(replies).allMatch(reply -> reply instanceof Answered<Lookup> || reply instanceof Late<Lookup>);
        assertThat(replies).hasAtLeastOneElementOfType(Late.class);
        simulator.reset();
        found(vam, "0012345617", "SGD");
    }

    @Test
    void failuresAreToldApart() {
        simulator.play(Service.VAM, Script.AT_ONCE.failing(1, Script.Failure.INTERNAL));
        assertThat(vam.account("0012345617", "SGD", in(10_000)))
                .isEqualTo(new Unreachable<>(Cause.ERROR, "VAM answered with HTTP 500"));
        simulator.play(Service.VAM, Script.AT_ONCE.failing(1, Script.Failure.UNAVAILABLE));
        assertThat(vam.account("0012345617", "SGD", in(10_000)))
                .isEqualTo(new Unreachable<>(Cause.ERROR, "VAM answered with HTTP 503"));
        simulator.play(Service.VAM, Script.AT_ONCE.losing(1));
        long before = simulator.calls(Service.VAM, "account");
        assertThat(cause(vam.account("0012345617", "SGD", in(10_000)))).isEqualTo(Cause.CONNECTION);
        assertThat(simulator.calls(Service.VAM, "account") - before)
                .as("is asked once more when nothing came back")
                .isEqualTo(2);
        URI url = simulator.url(Service.VAM);
        simulator.close();
        try (HttpCoreBanking gone = HttpCoreBanking.vam(url, breakers, ticker)) {
            assertThat(cause(gone.account("0012345617", "SGD", in(10_000)))).isEqualTo(Cause.CONNECTION);
        }
    }

    @Test
    void mangledAnswersAreNeverTrusted() {
        simulator.play(Service.VAM, Script.AT_ONCE.mangling(1));
        for (int i = 0; i < 60; i++) {
            String number = i % 4 == 0 ? "0012345694" : "00123456" + (10 + i);
            assertThat(cause(vam.account(number, "SGD", in(10_000)))).isEqualTo(Cause.MANGLED);
        }
    }

    @Test
    void anAnswerMustBeWholeAndOfABoundedSize() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        assertThat(cause(from(head + "Content-Length: 100000\r\n\r\n" + " ".repeat(100_000), false)))
                .isEqualTo(Cause.CONNECTION);
        assertThat(cause(from(head + "Content-Length: 100\r\n\r\n{", true))).isEqualTo(Cause.CONNECTION);
        assertThat(cause(from("SSH-2.0-hello\r\n\r\n", true))).isEqualTo(Cause.CONNECTION);
        assertThat(cause(from(head + "Content-Length: 4\r\n\r\nnull", true))).isEqualTo(Cause.MANGLED);
        assertThat(cause(from("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", true)))
                .isEqualTo(Cause.ERROR);
        assertThat(from(head + "Content-Length: 100\r\n\r\n{", false))
                .as("the body counts as well")
                .isInstanceOf(Late.class);
    }

    /** What the client makes of these bytes, after which the connection is closed or left hanging. */
    private Reply<Lookup> from(String bytes, boolean closed) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server, bytes, closed, over));
            try (HttpCoreBanking client =
                    HttpCoreBanking.vam(URI.create("http://127.0.0.1:" + server.getLocalPort()), breakers, ticker)) {
                return client.account("0012345617", "SGD", in(closed || bytes.length() > 1_000 ? 10_000 : 300));
            } finally {
                over.countDown();
            }
        }
    }

    private static void serve(ServerSocket server, String bytes, boolean closed, CountDownLatch over) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                byte[] request = new byte[4_096];
                int read = socket.getInputStream().read(request);
                OutputStream out = socket.getOutputStream();
                out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                if (read > 0 && !closed) {
                    over.await();
                }
            } catch (IOException e) {
                // The client has gone: as it should when it has heard enough.
                assertThat(e).isNotNull();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    static <T> Cause cause(Reply<T> reply) {
        assertThat(reply).isInstanceOf(Unreachable.class);
        return ((Unreachable<T>) reply).cause();
    }

    @Test
    void breakersOpenOverTheWireAndCloseWhenItIsWellAgain() {
        HandTicker hand = new HandTicker();
        Breakers strict = new Breakers("one", hand);
        try (HttpCoreBanking guarded = HttpCoreBanking.vam(simulator.url(Service.VAM), strict, hand)) {
            simulator.play(Service.VAM, Script.AT_ONCE.failing(1, Script.Failure.DISCONNECT));
            for (int i = 0; i < 40; i++) {
                assertThat(guarded.account("0012345617", "SGD", hand.in(10_000)))
                        .isInstanceOf(Unreachable.class);
            }
            assertThat(strict.notClosed())
                    .as("the resource's needs the fewest calls")
                    .containsExactly("vam/account/SGD=OPEN");
            simulator.reset();
            long before = simulator.calls(Service.VAM, "account");
            assertThat(cause(guarded.account("0012345617", "SGD", hand.in(10_000))))
                    .isEqualTo(Cause.BREAKER_OPEN);
            assertThat(simulator.calls(Service.VAM, "account"))
                    .as("was not asked")
                    .isEqualTo(before);
            hand.pass(Duration.ofMillis(1_001));
            for (int i = 0; i < 5; i++) {
                assertThat(guarded.account("0012345617", "SGD", hand.in(10_000)))
                        .isInstanceOf(Answered.class);
            }
            assertThat(strict.notClosed()).isEmpty();
        }
    }
}
