package org.exchequer.ledger.edge.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;

/**
 * A {@code CommandBatch} cut into its commands, each still in bytes: one that is malformed must not take its neighbours
 * with it, as it would if the batch were parsed as a whole.
 *
 * @param bytes the message
 * @param items where the commands are in it
 * @param broken why it cannot be cut to its end, or empty; its commands then are not to be trusted
 */
record CommandFrames(byte[] bytes, List<Frame> items, String broken) {
    /** Commands in one batch, at most. */
    static final int MAX_ITEMS = 1_000;

    private static final int COMMANDS_TAG =
            WireFormat.FieldType.MESSAGE.getWireType() | (LedgerProto.CommandBatch.COMMANDS_FIELD_NUMBER << 3);

    /** Offset and length of one command, in bytes. */
    record Frame(int offset, int length) {}

    /** The command in this frame. */
    LedgerProto.Command parse(Frame frame) throws InvalidProtocolBufferException {
        return LedgerProto.Command.parser().parseFrom(bytes, frame.offset(), frame.length());
    }

    /** Writes batches as usual, and cuts them when they arrive. */
    static Marshaller<CommandFrames> marshaller() {
        return new Marshaller<>() {
            @Override
            public InputStream stream(CommandFrames frames) {
                throw new UnsupportedOperationException("only arrives here");
            }

            @Override
            public CommandFrames parse(InputStream stream) {
                try {
                    return cut(stream.readAllBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    static CommandFrames cut(byte[] bytes) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        List<Frame> items = new ArrayList<>();
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag != COMMANDS_TAG) {
                    return new CommandFrames(bytes, List.of(), "has fields that are not known here");
                }
                int length = in.readUInt32();
                items.add(new Frame(in.getTotalBytesRead(), length));
                in.skipRawBytes(length);
            }
        } catch (IOException e) {
            return new CommandFrames(bytes, List.of(), "must be a CommandBatch, and is cut short or damaged");
        }
        return items.isEmpty() || items.size() > MAX_ITEMS
                ? new CommandFrames(bytes, List.of(), "must hold 1 to " + MAX_ITEMS + " commands")
                : new CommandFrames(bytes, items, "");
    }
}
