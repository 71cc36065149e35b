package org.exchequer.inward.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.exchequer.inward.InwardBed;
import org.exchequer.inward.v1.InwardServiceGrpc;
import org.exchequer.inward.v1.PaymentAnswer;
import org.exchequer.inward.v1.PaymentMessage;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.grpc.RpcError;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.kafka.SchemaLock;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real module behind the real gRPC host, with security. */
class InwardRpcTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private static InwardBed bed;
    private static Path folder;
    private static Telemetry telemetry;
    private static LocalIssuer issuer;
    private static InwardRpc rpc;
    private static GrpcService service;
    private static GrpcHost host;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws IOException {
        bed = new InwardBed();
        folder = TestFolders.create("inward-rpc");
        telemetry = Telemetry.create("test", null);
        issuer = LocalIssuer.open(folder);
        LoginLinks links = new LoginLinks(Files.createDirectory(folder.resolve("used-links")), CLOCK);
        HostSettings settings = HostSettings.local("test");
        int port = HttpHost.freePort(settings.address(), 0);
        rpc = new InwardRpc(bed.module().inward(), CLOCK);
        service = rpc.service();
        host = GrpcHost.start(
                settings,
                port,
                new HostParts(CLOCK, Ticker.system(), telemetry, issuer, links, null),
                List.of(service),
                () -> true);
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow();
        host.close();
        bed.close();
        telemetry.close();
        TestFolders.delete(folder);
    }

    private static Metadata token(Role role) {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + issuer.token("tester", EnumSet.of(role), CLOCK.instant(), Duration.ofMinutes(5)));
        return headers;
    }

    private static InwardServiceGrpc.InwardServiceBlockingStub calls(Role role) {
        return InwardServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(token(role)))
                .withDeadlineAfter(Duration.ofSeconds(40));
    }

    private static PaymentMessage message(String reference, byte[] content) {
        return PaymentMessage.newBuilder()
                .setReference(reference)
                .setContent(ByteString.copyFrom(content))
                .build();
    }

    @Test
    void answers_one_message_and_the_same_again() {
        byte[] bytes = InwardBed.transferBytes();
        PaymentAnswer first = calls(Role.TELLER).submit(message("mine", bytes));
        assertThat(first.getReference()).isEqualTo("mine");
        assertThat(first.getAnswered().getStatus()).isEqualTo("ACCC");
        assertThat(first.getAnswered().getReplayed()).isFalse();
        PaymentAnswer second = calls(Role.TELLER).submit(message("other", bytes));
        assertThat(second.getAnswered().getReplayed()).isTrue();
        assertThat(second.getAnswered().getMessage())
                .isEqualTo(first.getAnswered().getMessage());
        assertThat(calls(Role.TELLER)
                        .submit(message("", new byte[] {1}))
                        .getUnreadable()
                        .getDeadLetterId())
                .isNotEmpty();
    }

    @Test
    void refuses_whom_it_is_not_for_and_what_is_too_long() {
        assertThatThrownBy(() -> calls(Role.AUDITOR).submit(message("", new byte[] {1})))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
        assertThatThrownBy(() -> calls(Role.TELLER).submit(message("", new byte[0])))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(RpcError.violationOf(refused.getStatus(), refused.getTrailers()))
                            .isEqualTo(new RpcError.Violation("content", "must have 1 to 262144 bytes"));
                });
        PaymentMessage newer = message("", new byte[] {1}).toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        assertThatThrownBy(() -> calls(Role.TELLER).submit(newer))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(String.valueOf(
                                        RpcError.violationOf(refused.getStatus(), refused.getTrailers())))
                                .contains("[99]"));
    }

    @Test
    void a_stream_answers_each_with_its_reference() {
        ConcurrentLinkedQueue<PaymentAnswer> answers = new ConcurrentLinkedQueue<>();
        AtomicReference<String> end = new AtomicReference<>("");
        StreamObserver<PaymentMessage> stream = stream(answers, end);
        int count = 60;
        for (int i = 0; i < count; i++) {
            stream.onNext(message("r" + i, InwardBed.transferBytes("debtorAccount", "55" + i + "00")));
        }
        stream.onNext(message("empty", new byte[0]));
        stream.onCompleted();
        await().atMost(Duration.ofSeconds(40)).until(() -> !"".equals(end.get()));
        assertThat(end.get()).isEqualTo("completed");
        List<String> references = new ArrayList<>();
        for (PaymentAnswer answer : answers) {
            references.add(answer.getReference());
            if (answer.getReference().equals("empty")) {
                assertThat(answer.getInvalid().getField()).isEqualTo("content");
            } else {
                assertThat(answer.getAnswered().getStatus()).isEqualTo("ACCC");
            }
        }
        assertThat(references).doesNotHaveDuplicates().hasSize(count + 1);
        await().atMost(Duration.ofSeconds(10)).until(() -> rpc.openStreams() == 0);
    }

    private static StreamObserver<PaymentMessage> stream(
            ConcurrentLinkedQueue<PaymentAnswer> answers, AtomicReference<String> end) {
        return InwardServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(token(Role.OPERATOR)))
                .stream(new StreamObserver<>() {
            @Override
            public void onNext(PaymentAnswer answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable failure) {
                end.set(String.valueOf(failure.getMessage()));
            }

            @Override
            public void onCompleted() {
                end.set("completed");
            }
        });
    }

    @Test
    void schemaKeepsItsPromises() throws IOException {
        FileDescriptor schema = PaymentMessage.getDescriptor().getFile();
        List<String> locked = Files.readAllLines(Path.of("src/main/proto/exchequer/inward/v1/inward.lock"));
        List<String> current = SchemaLock.describe(schema.toProto());
        assertThat(SchemaLock.broken(locked, current)).isEmpty();
        assertThat(SchemaLock.added(locked, current)).isEmpty();
    }
}
