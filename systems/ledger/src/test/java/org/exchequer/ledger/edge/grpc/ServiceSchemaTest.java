package org.exchequer.ledger.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.platform.kafka.SchemaLock;
import org.junit.jupiter.api.Test;

/** The compatibility gate: version 1 of the ledger's gRPC services keeps what it has promised. */
class ServiceSchemaTest {
    private static final Path LOCK = Path.of("src/main/proto/exchequer/ledger/v1/ledger.lock");
    private static final FileDescriptorProto SCHEMA =
            LedgerProto.getDescriptor().toProto();

    @Test
    void schemaKeepsItsPromises() throws IOException {
        List<String> locked = Files.readAllLines(LOCK);
        List<String> current = SchemaLock.describe(SCHEMA);
        assertThat(SchemaLock.broken(locked, current))
                .as("breaking changes of v1; make a v2 instead")
                .isEmpty();
        assertThat(SchemaLock.added(locked, current))
                .as("new promises, to be added to " + LOCK)
                .isEmpty();
    }

    @Test
    void plantedBreaksOfMethodsAreFound() {
        List<String> locked = SchemaLock.describe(SCHEMA);
        FileDescriptorProto.Builder removed = SCHEMA.toBuilder();
        removed.getServiceBuilder(0).removeMethod(0);
        assertThat(SchemaLock.broken(locked, SchemaLock.describe(removed.build())))
                .singleElement()
                .asString()
                .startsWith("removed: rpc exchequer.ledger.v1.LedgerService/Execute = ");
        FileDescriptorProto.Builder changed = SCHEMA.toBuilder();
        changed.getServiceBuilder(0).getMethodBuilder(1).setServerStreaming(false);
        assertThat(SchemaLock.broken(locked, SchemaLock.describe(changed.build())))
                .singleElement()
                .asString()
                .startsWith("changed: rpc exchequer.ledger.v1.LedgerService/ExecuteStream");
    }
}
