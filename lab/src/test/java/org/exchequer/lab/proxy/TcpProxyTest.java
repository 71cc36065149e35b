package org.exchequer.lab.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.proxy.Toxic.Bandwidth;
import org.exchequer.lab.proxy.Toxic.Latency;
import org.exchequer.lab.proxy.Toxic.LimitData;
import org.exchequer.lab.proxy.Toxic.ResetPeer;
import org.exchequer.lab.proxy.Toxic.Slicer;
import org.exchequer.lab.proxy.Toxic.SlowClose;
import org.exchequer.lab.proxy.Toxic.Spikes;
import org.exchequer.lab.proxy.Toxic.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60)
class TcpProxyTest {
    private static final byte[] WORD = {1, 2, 3};

    private final Ticker ticker = Ticker.system();
    private EchoServer server;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new EchoServer();
        proxy = TcpProxy.start("test", 0, server.port(), ticker, new SplittableRandom(1));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void bytes_pass_unchanged_both_ways_and_are_counted() throws IOException {
        byte[] sent = random(3_000_000);
        try (Socket client = connect()) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(sent);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        }
        assertThat(proxy.counts().accepted()).isEqualTo(1);
        // A piece is counted once it has been written, when its reader may have it already.
        await().until(() -> proxy.connections() == 0);
        assertThat(proxy.counts().bytesUp()).isEqualTo(sent.length);
        assertThat(proxy.counts().bytesDown()).isEqualTo(sent.length);
        assertThat(proxy.counts().cut()).isZero();
    }

    @Test
    void the_end_of_one_direction_leaves_the_other_open() throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write(WORD);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(WORD);
        }
    }

    @Test
    void latency_delays_each_byte_but_not_the_stream() throws IOException {
        proxy.add("slow", Direction.DOWNSTREAM, new Latency(200, 20));
        try (Socket client = connect()) {
            long began = ticker.nanos();
            for (int i = 0; i < 50; i++) {
                client.getOutputStream().write(i);
                client.getOutputStream().flush();
            }
            byte[] echoed = client.getInputStream().readNBytes(50);
            assertThat(Duration.ofNanos(ticker.nanos() - began))
                    .isBetween(Duration.ofMillis(180), Duration.ofMillis(1_500));
            for (int i = 0; i < 50; i++) {
                assertThat(echoed[i]).isEqualTo((byte) i);
            }
        }
        assertThat(proxy.counts().delayed()).isPositive();
    }

    @Test
    void spikes_delay_some() throws IOException {
        proxy.add("all", Direction.DOWNSTREAM, new Spikes(100, 60, 90));
        try (Socket client = connect()) {
            long began = ticker.nanos();
            client.getOutputStream().write(WORD);
            assertThat(client.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
            assertThat(Duration.ofNanos(ticker.nanos() - began)).isGreaterThan(Duration.ofMillis(60));
            assertThat(proxy.counts().delayed()).isPositive();
            proxy.remove("all");
            proxy.add("none", Direction.DOWNSTREAM, new Spikes(0, 60, 90));
            long before = proxy.counts().delayed();
            client.getOutputStream().write(WORD);
            assertThat(client.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
            assertThat(proxy.counts().delayed()).isEqualTo(before);
        }
        assertThatThrownBy(() -> new Spikes(101, 1, 2)).hasMessageContaining("percent");
        assertThatThrownBy(() -> new Spikes(1, 3, 2)).hasMessageContaining("mostMs");
    }

    @Test
    void bandwidth_bounds_the_rate() throws IOException {
        proxy.add("narrow", Direction.DOWNSTREAM, new Bandwidth(100));
        try (Socket client = connect()) {
            long began = ticker.nanos();
            echo(client, random(50 * 1_024));
            assertThat(Duration.ofNanos(ticker.nanos() - began)).isGreaterThan(Duration.ofMillis(400));
        }
    }

    @Test
    void a_slicer_sends_small_pieces() throws IOException {
        proxy.add("pieces", Direction.DOWNSTREAM, new Slicer(10, 5, 1_000));
        try (Socket client = connect()) {
            long began = ticker.nanos();
            byte[] sent = random(1_000);
            assertThat(echo(client, sent)).isEqualTo(sent);
            // At least 66 pauses of a millisecond.
            assertThat(Duration.ofNanos(ticker.nanos() - began)).isGreaterThan(Duration.ofMillis(60));
        }
    }

    @Test
    void what_a_timeout_keeps_back_arrives_when_it_is_removed() throws IOException {
        try (Socket client = connect()) {
            echo(client, WORD);
            proxy.add("silence", Direction.DOWNSTREAM, new Timeout(0));
            client.getOutputStream().write(WORD);
            client.setSoTimeout(300);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.remove("silence");
            client.setSoTimeout(5_000);
            assertThat(client.getInputStream().readNBytes(3)).isEqualTo(WORD);
            assertThat(proxy.counts().delayed()).isPositive();
        }
    }

    @Test
    void a_timeout_with_an_end_closes_the_connection() throws IOException {
        try (Socket client = connect()) {
            echo(client, WORD);
            proxy.add("silence", Direction.UPSTREAM, new Timeout(100));
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(proxy.counts().cut()).isEqualTo(1);
    }

    @Test
    void a_reset_is_a_reset_and_not_an_end() throws IOException {
        try (Socket client = connect()) {
            echo(client, WORD);
            proxy.add("reset", Direction.DOWNSTREAM, new ResetPeer(0));
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(proxy.counts().cut()).isEqualTo(1);
    }

    @Test
    void a_limit_ends_the_connection_after_so_many_bytes() throws IOException {
        proxy.add("limit", Direction.DOWNSTREAM, new LimitData(100));
        try (Socket client = connect()) {
            client.getOutputStream().write(random(1_000));
            assertThat(readWhatComes(client)).isEqualTo(100);
        }
    }

    @Test
    void slow_close_passes_the_end_on_later() throws IOException {
        proxy.add("linger", Direction.DOWNSTREAM, new SlowClose(300));
        try (Socket client = connect()) {
            long began = ticker.nanos();
            client.getOutputStream().write(WORD);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(WORD);
            assertThat(Duration.ofNanos(ticker.nanos() - began)).isGreaterThan(Duration.ofMillis(280));
        }
    }

    @Test
    void down_refuses_and_cuts_and_up_again_serves_on_the_same_port() throws IOException {
        try (Socket client = connect()) {
            echo(client, WORD);
            proxy.setDown(true);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        proxy.setDown(false);
        try (Socket client = connect()) {
            assertThat(echo(client, WORD)).isEqualTo(WORD);
        }
        assertThat(proxy.counts().cut()).isEqualTo(1);
    }

    @Test
    void healing_removes_everything() throws IOException {
        proxy.add("silence", Direction.UPSTREAM, new Timeout(0));
        proxy.setDown(true);
        proxy.heal();
        try (Socket client = connect()) {
            assertThat(echo(client, WORD)).isEqualTo(WORD);
        }
    }

    @Test
    void toxicity_is_the_share_of_connections_that_meet_a_toxic() throws IOException {
        proxy.add("reset", Direction.DOWNSTREAM, new ResetPeer(0), 0.5);
        int reset = 0;
        for (int i = 0; i < 60; i++) {
            try (Socket client = connect()) {
                client.getOutputStream().write(WORD);
                reset += client.getInputStream().readNBytes(3).length == 3 ? 0 : 1;
            } catch (SocketException e) {
                reset++;
            }
        }
        assertThat(reset).isBetween(15, 45);
    }

    @Test
    void nobody_behind_it_is_told_by_a_reset() throws IOException {
        // Taken, but not listened at: a port that was given back may be another process's by now.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            proxy.close();
            proxy = TcpProxy.start("test", 0, taken.getLocalPort(), ticker, new SplittableRandom(1));
            try (Socket client = connect()) {
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
        assertThat(proxy.counts().unreachable()).isEqualTo(1);
    }

    @Test
    void a_sender_whom_nobody_reads_waits() throws IOException, InterruptedException {
        proxy.add("silence", Direction.UPSTREAM, new Timeout(0));
        try (Socket client = connect()) {
            client.setSendBufferSize(64 * 1024);
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(new byte[64 << 20]);
                } catch (IOException closedByTheTest) {
                    return;
                }
            });
            assertThat(sender.join(Duration.ofMillis(400)))
                    .as("64 MiB were not taken in")
                    .isFalse();
        }
    }

    @Test
    void figures_out_of_range_are_refused() {
        assertThatThrownBy(() -> new Latency(10, 20)).hasMessageContaining("jitterMs");
        assertThatThrownBy(() -> new Bandwidth(0)).hasMessageContaining("kibPerSecond");
        assertThatThrownBy(() -> new Slicer(10, 10, 0)).hasMessageContaining("variationBytes");
        assertThatThrownBy(() -> proxy.add("x", Direction.UPSTREAM, new Timeout(0), 1.5))
                .hasMessageContaining("toxicity");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] echo(Socket client, byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        return client.getInputStream().readNBytes(bytes.length);
    }

    private static int readWhatComes(Socket client) throws IOException {
        byte[] buffer = new byte[10_000];
        int total = 0;
        try {
            for (int n = client.getInputStream().read(buffer);
                    n >= 0;
                    n = client.getInputStream().read(buffer)) {
                total += n;
            }
        } catch (SocketException reset) {
            // The proxy closes with bytes of ours unread, which TCP tells by a reset.
            return total;
        }
        return total;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(7).nextBytes(bytes);
        return Arrays.copyOf(bytes, length);
    }
}
