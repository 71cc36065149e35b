package org.exchequer.ledger.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.exchequer.ledger.api.event.v1.TransactionProto;
import org.exchequer.platform.kafka.SchemaLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The compatibility gate: version 1 of the ledger's events keeps what it has promised. */
class EventSchemaTest {
    private static final Path LOCK = Path.of("src/main/proto/exchequer/ledger/v1/transaction.lock");
    private static final FileDescriptorProto SCHEMA =
            TransactionProto.getDescriptor().toProto();

    @Test
    void schemaKeepsItsPromises() throws IOException {
        List<String> locked = Files.readAllLines(LOCK);
        List<String> current = SchemaLock.describe(SCHEMA);

        assertThat(SchemaLock.broken(locked, current))
                .as("breaking changes of v1; make a v2 on a topic of its own instead")
                .isEmpty();
        assertThat(SchemaLock.added(locked, current))
                .as("new promises, to be added to " + LOCK)
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plantedBreaks")
    void plantedBreakIsFound(String name, Consumer<FileDescriptorProto.Builder> change, String finding) {
        List<String> locked = SchemaLock.describe(withReservation());
        FileDescriptorProto.Builder changed = withReservation().toBuilder();
        change.accept(changed);

        assertThat(SchemaLock.broken(locked, SchemaLock.describe(changed.build())))
                .anyMatch(line -> line.startsWith(finding));
    }

    @Test
    void newFieldIsNoBreakButMustBeLocked() {
        List<String> locked = SchemaLock.describe(SCHEMA);
        FileDescriptorProto.Builder grown = SCHEMA.toBuilder();
        entry(grown).addField(field("value_date", 8, FieldDescriptorProto.Type.TYPE_STRING));

        List<String> current = SchemaLock.describe(grown.build());
        assertThat(SchemaLock.broken(locked, current)).isEmpty();
        assertThat(SchemaLock.added(locked, current))
                .containsExactly("field exchequer.ledger.v1.Entry 008 = value_date string");
    }

    static Stream<Arguments> plantedBreaks() {
        return Stream.of(
                planted("field removed", schema -> entry(schema).removeField(5), "removed: field"),
                planted(
                        "field renumbered",
                        schema -> entry(schema).getFieldBuilder(5).setNumber(9),
                        "removed: field exchequer.ledger.v1.Entry 006"),
                planted(
                        "field retyped",
                        schema -> entry(schema).getFieldBuilder(2).setType(FieldDescriptorProto.Type.TYPE_SINT64),
                        "changed: field exchequer.ledger.v1.Entry 003 = minor_units int64 is now minor_units sint64"),
                planted(
                        "field renamed",
                        schema -> entry(schema).getFieldBuilder(2).setName("amount"),
                        "changed: field exchequer.ledger.v1.Entry 003"),
                planted(
                        "field made repeated",
                        schema -> entry(schema).getFieldBuilder(0).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED),
                        "changed: field exchequer.ledger.v1.Entry 001"),
                planted(
                        "presence dropped",
                        schema -> schema.getMessageTypeBuilder(0)
                                .getFieldBuilder(3)
                                .clearProto3Optional()
                                .clearOneofIndex(),
                        "changed: field exchequer.ledger.v1.TransactionPosted 004"),
                planted(
                        "enum value renumbered",
                        schema ->
                                schema.getEnumTypeBuilder(0).getValueBuilder(1).setNumber(3),
                        "removed: value exchequer.ledger.v1.Side 001"),
                planted("message removed", schema -> schema.removeMessageType(1), "removed: message"),
                planted("enum removed", schema -> schema.removeEnumType(0), "removed: enum"),
                planted(
                        "reservation dropped",
                        schema -> entry(schema).clearReservedRange(),
                        "removed: reserved exchequer.ledger.v1.Entry 020"),
                planted(
                        "reserved number reused",
                        schema -> entry(schema).addField(field("late", 20, FieldDescriptorProto.Type.TYPE_STRING)),
                        "reserved number in use: exchequer.ledger.v1.Entry 020"));
    }

    private static Arguments planted(String name, Consumer<FileDescriptorProto.Builder> change, String finding) {
        return Arguments.of(name, change, finding);
    }

    private static FileDescriptorProto withReservation() {
        FileDescriptorProto.Builder schema = SCHEMA.toBuilder();
        entry(schema)
                .addReservedRange(
                        DescriptorProto.ReservedRange.newBuilder().setStart(20).setEnd(21));
        return schema.build();
    }

    private static DescriptorProto.Builder entry(FileDescriptorProto.Builder schema) {
        return schema.getMessageTypeBuilder(1);
    }

    private static FieldDescriptorProto field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .build();
    }
}
