package org.exchequer.ledger.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.module.Role;
import org.exchequer.prooflog.Checkpoint;
import org.exchequer.prooflog.ProofBundle;
import org.exchequer.prooflog.SignedNote;
import org.junit.jupiter.api.Test;

class ProofCallsTest {
    @Test
    void proofs_and_tiles_are_given_over_grpc() throws Exception {
        try (LedgerServer server = LedgerServer.start()) {
            ManagedChannel channel = Channels.open(server.grpcUrl(), null);
            try {
                Metadata headers = new Metadata();
                headers.put(
                        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                        "Bearer " + server.token(Role.AUDITOR));
                var stub = LedgerServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
                for (String code : new String[] {"cash", "alice"}) {
                    server.ledger()
                            .execute(new Command.OpenAccount(
                                    "open-" + code,
                                    AccountSpec.posting(code, code, AccountType.ASSET, TestLedger.EUR, null)));
                }
                Outcome outcome = server.ledger().execute(TestLedger.transfer("one", "cash", "alice", 5));
                assertThat(outcome).isInstanceOf(Outcome.Posted.class);

                ProofBundle bundle = ProofBundle.parse(stub.getProof(LedgerProto.GetProofRequest.newBuilder()
                                .setTransactionId(3)
                                .build())
                        .getBundle());
                assertThat(bundle.index()).isEqualTo(2);
                String note = stub.getProofResource(resource("checkpoint"))
                        .getContent()
                        .toStringUtf8();
                assertThat(Checkpoint.of(SignedNote.parse(note)).size()).isEqualTo(3);
                assertThat(stub.getProofResource(resource("tile/0/000.p/3"))
                                .getContent()
                                .size())
                        .isEqualTo(96);
                assertThatThrownBy(() -> stub.getProofResource(resource("tile/0/001")))
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessageContaining("NOT_FOUND");
                assertThatThrownBy(() -> stub.getProof(LedgerProto.GetProofRequest.newBuilder()
                                .setTransactionId(1)
                                .build()))
                        .hasMessageContaining("NOT_FOUND");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static LedgerProto.GetProofResourceRequest resource(String path) {
        return LedgerProto.GetProofResourceRequest.newBuilder().setPath(path).build();
    }
}
