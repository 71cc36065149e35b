package org.exchequer.ledger.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.CommandBatch;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.OutcomeBatch;
import org.exchequer.ledger.edge.grpc.v1.NodeServiceGrpc;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.grpc.RpcError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a standby makes of the way a writer ends its stream: refused only what was surely not taken. */
class NodeClientTest {
    private final NodeClient client = new NodeClient(Ticker.system());

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, NOT_THE_WRITER, Refused",
        "UNAUTHENTICATED, WRONG_EPOCH, Refused",
        "UNAVAILABLE, STOPPING, Refused",
        "RESOURCE_EXHAUSTED, RATE_LIMITED, Refused",
        "RESOURCE_EXHAUSTED, SLOW_CONSUMER, Unknown",
        "INTERNAL, INTERNAL_ERROR, Unknown",
        "UNAVAILABLE, '', Unknown",
        "CANCELLED, '', Unknown",
        "OK, '', Unknown",
    })
    void anEndMeansThatNothingWasTakenOnlyWhenTheServerSaysSo(Code code, String reason, String outcome)
            throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new NodeServiceGrpc.NodeServiceImplBase() {
                    @Override
                    public StreamObserver<CommandBatch> executeStream(StreamObserver<OutcomeBatch> caller) {
                        return new Ending(caller, code, reason);
                    }
                })
                .build()
                .start();
        try {
            assertThat(send(server.getPort()).getClass().getSimpleName()).isEqualTo(outcome);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void whereNobodyListensNothingWasTaken() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build()
                .start();
        int port = server.getPort();
        server.shutdownNow().awaitTermination();
        assertThat(send(port)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void whatComesWhileTheWayIsBeingClosedWasNotTaken() throws Exception {
        ManagedChannel channel = Channels.open("http://127.0.0.1:1", null);
        CommandSender[] sender = new CommandSender[1];
        // Asked for after the first look whether it is closed: what another thread may do in between.
        sender[0] = new CommandSender(
                channel,
                NodeServiceGrpc.getExecuteStreamMethod(),
                () -> {
                    sender[0].close();
                    channel.shutdownNow();
                    return new Metadata();
                },
                Ticker.system(),
                Duration.ofSeconds(5));
        Command command = TestLedger.transfer(TestLedger.key(), "a", "b", 1);
        assertThat(sender[0].send(command).get(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.Refused.class);
    }

    private Outcome send(int port) throws Exception {
        Command command = TestLedger.transfer(TestLedger.key(), "a", "b", 1);
        return client.send(new Holder(1, "writer", "http://127.0.0.1:" + port, "secret", true), command)
                .get(30, TimeUnit.SECONDS);
    }

    /** Ends the stream so at the first command. */
    private record Ending(StreamObserver<OutcomeBatch> caller, Code code, String reason)
            implements StreamObserver<CommandBatch> {
        @Override
        public void onNext(CommandBatch batch) {
            if (code == Code.OK) {
                caller.onCompleted();
            } else if (reason.isEmpty()) {
                caller.onError(io.grpc.Status.fromCodeValue(code.getNumber()).asRuntimeException());
            } else {
                caller.onError(RpcError.of(code, reason, "so").asException());
            }
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }
}
