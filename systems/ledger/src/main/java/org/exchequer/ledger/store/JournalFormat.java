package org.exchequer.ledger.store;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.exchequer.platform.db.CopyBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * A journal as text: gzip, one JSON value per line, for reading without PostgreSQL and for import into another ledger.
 * The whole format is in {@code docs/operating/backup.md}.
 *
 * <p>A row is an array of its columns in table order. Its text and the bytes that enter the hash chain (a tuple of COPY
 * BINARY) can be made from each other without loss; which columns there are the database's catalog says.
 */
final class JournalFormat {
    static final String NAME = "exchequer-journal";
    static final int VERSION = 1;

    private static final long DAY_2000 = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long MICROS = 1_000_000;
    private static final int INT8_OID = 20;

    /**
     * A column of the journal.
     *
     * @param type as PostgreSQL writes it
     */
    record Column(String name, String type) {}

    private enum Kind {
        BOOLEAN,
        SMALLINT,
        INTEGER,
        BIGINT,
        BIGINTS,
        TEXT,
        BYTES,
        UUID,
        TIME,
        DATE
    }

    private final List<Column> columns;
    private final List<Kind> kinds;

    private JournalFormat(List<Column> columns) throws SQLException {
        this.columns = columns;
        List<Kind> found = new ArrayList<>();
        for (Column column : columns) {
            found.add(kind(column));
        }
        this.kinds = found;
    }

    /** The journal of this connection's schema. */
    static JournalFormat of(Connection connection) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
                 WHERE attrelid = 'journal'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""");
                ResultSet row = s.executeQuery()) {
            while (row.next()) {
                columns.add(new Column(row.getString(1), row.getString(2)));
            }
        }
        return new JournalFormat(columns);
    }

    List<Column> columns() {
        return columns;
    }

    private static Kind kind(Column column) throws SQLException {
        return switch (column.type()) {
            case "boolean" -> Kind.BOOLEAN;
            case "smallint" -> Kind.SMALLINT;
            case "integer" -> Kind.INTEGER;
            case "bigint" -> Kind.BIGINT;
            case "bigint[]" -> Kind.BIGINTS;
            case "text", "json", "character varying" -> Kind.TEXT;
            case "bytea" -> Kind.BYTES;
            case "uuid" -> Kind.UUID;
            case "timestamp with time zone" -> Kind.TIME;
            case "date" -> Kind.DATE;
            default ->
                throw new SQLException("column " + column.name() + " of the journal has the type " + column.type()
                        + ", which the journal's text format does not know");
        };
    }

    /** Writes a tuple as a JSON array and returns its sequence, which is the first column. */
    long write(ByteBuffer tuple, JsonGenerator json) throws SQLException {
        long sequence = 0;
        if (tuple.getShort() != columns.size()) {
            throw new SQLException("a row of the journal has another number of columns than its catalog says");
        }
        json.writeStartArray();
        for (int i = 0; i < columns.size(); i++) {
            int length = tuple.getInt();
            if (length < 0) {
                json.writeNull();
                continue;
            }
            ByteBuffer value = tuple.slice(tuple.position(), length);
            if (i == 0) {
                sequence = value.getLong(0);
            }
            write(kinds.get(i), value, json);
            tuple.position(tuple.position() + length);
        }
        json.writeEndArray();
        return sequence;
    }

    private static void write(Kind kind, ByteBuffer value, JsonGenerator json) {
        switch (kind) {
            case BOOLEAN -> json.writeBoolean(value.get() != 0);
            case SMALLINT -> json.writeNumber(value.getShort());
            case INTEGER -> json.writeNumber(value.getInt());
            case BIGINT -> json.writeString(Long.toString(value.getLong()));
            case BIGINTS -> writeArray(value, json);
            case TEXT -> json.writeString(StandardCharsets.UTF_8.decode(value).toString());
            case BYTES -> {
                byte[] bytes = new byte[value.remaining()];
                value.get(bytes);
                json.writeString(HexFormat.of().formatHex(bytes));
            }
            case UUID -> json.writeString(new UUID(value.getLong(), value.getLong()).toString());
            case TIME -> {
                long micros = value.getLong();
                json.writeString(Instant.ofEpochSecond(
                                CopyBuffer.POSTGRES_EPOCH_SECOND + Math.floorDiv(micros, MICROS),
                                Math.floorMod(micros, MICROS) * 1_000)
                        .toString());
            }
            case DATE ->
                json.writeString(LocalDate.ofEpochDay(DAY_2000 + value.getInt()).toString());
        }
    }

    /** Dimensions, whether there are nulls, element type, length, lower bound; then the elements. */
    private static void writeArray(ByteBuffer value, JsonGenerator json) {
        json.writeStartArray();
        if (value.getInt() > 0) {
            value.position(value.position() + 8);
            int length = value.getInt();
            value.getInt();
            for (int i = 0; i < length; i++) {
                if (value.getInt() < 0) {
                    json.writeNull();
                } else {
                    json.writeString(Long.toString(value.getLong()));
                }
            }
        }
        json.writeEndArray();
    }

    /**
     * The tuple of a JSON array.
     *
     * @throws IllegalArgumentException naming the column and the rule
     */
    byte[] tuple(JsonNode row) throws IOException {
        if (!row.isArray() || row.size() != columns.size()) {
            throw new IllegalArgumentException("a row must be an array of " + columns.size() + " values");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            JsonNode value = row.get(i);
            if (value.isNull()) {
                out.writeInt(-1);
                continue;
            }
            byte[] encoded = encode(kinds.get(i), value);
            if (encoded == null) {
                throw new IllegalArgumentException("column " + columns.get(i).name() + " is not a "
                        + columns.get(i).type());
            }
            out.writeInt(encoded.length);
            out.write(encoded);
        }
        return bytes.toByteArray();
    }

    private static byte @Nullable [] encode(Kind kind, JsonNode value) {
        try {
            return switch (kind) {
                case BOOLEAN -> value.isBoolean() ? new byte[] {(byte) (value.booleanValue() ? 1 : 0)} : null;
                case SMALLINT -> value.canConvertToExactIntegral() ? int2(value.shortValue()) : null;
                case INTEGER -> value.canConvertToExactIntegral() ? int4(value.intValue()) : null;
                case BIGINT -> value.isString() ? int8(Long.parseLong(value.stringValue())) : null;
                case BIGINTS -> value.isArray() ? array(value) : null;
                case TEXT -> value.isString() ? value.stringValue().getBytes(StandardCharsets.UTF_8) : null;
                case BYTES -> value.isString() ? HexFormat.of().parseHex(value.stringValue()) : null;
                case UUID -> value.isString() ? uuid(UUID.fromString(value.stringValue())) : null;
                case TIME -> value.isString() ? int8(micros(Instant.parse(value.stringValue()))) : null;
                case DATE ->
                    value.isString()
                            ? int4(Math.toIntExact(
                                    LocalDate.parse(value.stringValue()).toEpochDay() - DAY_2000))
                            : null;
            };
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException notOne) {
            return null;
        } catch (tools.jackson.databind.exc.JsonNodeException outOfRange) {
            return null;
        }
    }

    private static long micros(Instant instant) {
        if (!instant.equals(instant.truncatedTo(ChronoUnit.MICROS))) {
            throw new ArithmeticException("finer than a microsecond");
        }
        return CopyBuffer.micros(instant);
    }

    private static byte[] int2(short value) {
        return ByteBuffer.allocate(2).putShort(value).array();
    }

    private static byte[] int4(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] int8(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static byte[] uuid(UUID value) {
        return ByteBuffer.allocate(16)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }

    private static byte[] array(JsonNode values) {
        if (values.isEmpty()) {
            return ByteBuffer.allocate(12).putInt(0).putInt(0).putInt(INT8_OID).array();
        }
        ByteBuffer bytes = ByteBuffer.allocate(20 + 12 * values.size());
        boolean nulls = false;
        for (JsonNode value : values) {
            nulls |= value.isNull();
        }
        bytes.putInt(1)
                .putInt(nulls ? 1 : 0)
                .putInt(INT8_OID)
                .putInt(values.size())
                .putInt(1);
        for (JsonNode value : values) {
            if (value.isNull()) {
                bytes.putInt(-1);
            } else {
                bytes.putInt(8).putLong(Long.parseLong(value.stringValue()));
            }
        }
        byte[] exact = new byte[bytes.position()];
        bytes.flip().get(exact);
        return exact;
    }
}
