package org.exchequer.scoring.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;

/**
 * The envelope of a model file: {@code XQSM}, format version (16 bits), length of the content (32 bits), SHA-256 of the
 * content, content. All numbers big-endian. A file that is shorter, longer or altered is refused whole.
 */
final class ModelFile {
    /** Far above any model of ours; bounds memory when a file is read. */
    static final int MOST_BYTES = 64 << 20;

    private static final int MAGIC = 0x5851534D;
    private static final short FORMAT = 1;
    private static final int HEADER_BYTES = 4 + 2 + 4 + Sha256.BYTES;

    /** Writes the content. */
    interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private ModelFile() {}

    static byte[] write(Content content) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            content.write(new DataOutputStream(body));
            byte[] bytes = body.toByteArray();
            ByteArrayOutputStream whole = new ByteArrayOutputStream(HEADER_BYTES + bytes.length);
            DataOutputStream out = new DataOutputStream(whole);
            out.writeInt(MAGIC);
            out.writeShort(FORMAT);
            out.writeInt(bytes.length);
            out.write(Sha256.of(bytes));
            out.write(bytes);
            return whole.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory failed", e);
        }
    }

    /** The content, whose checksum holds. */
    static DataInputStream open(byte[] file) throws ModelFormatException {
        if (file.length > MOST_BYTES) {
            throw new ModelFormatException("model file: has " + file.length + " bytes, at most " + MOST_BYTES);
        }
        if (file.length < HEADER_BYTES) {
            throw new ModelFormatException("model file: has " + file.length + " bytes, shorter than its header");
        }
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
            if (in.readInt() != MAGIC) {
                throw new ModelFormatException("model file: does not begin with XQSM");
            }
            short format = in.readShort();
            if (format != FORMAT) {
                throw new ModelFormatException("model file: format " + format + " is not known, only " + FORMAT);
            }
            int length = in.readInt();
            if (length != file.length - HEADER_BYTES) {
                throw new ModelFormatException("model file: content has " + (file.length - HEADER_BYTES)
                        + " bytes, the header says " + length + ": truncated or added to");
            }
            byte[] expected = in.readNBytes(Sha256.BYTES);
            byte[] content = in.readAllBytes();
            if (!MessageDigest.isEqual(expected, Sha256.of(content))) {
                throw new ModelFormatException("model file: content does not have the header's SHA-256: altered");
            }
            return new DataInputStream(new ByteArrayInputStream(content));
        } catch (ModelFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelFormatException("model file: cannot be read", e);
        }
    }

    /** A number of things that follow. */
    static int count(DataInputStream in, String what, int least, int most) throws IOException {
        int count = in.readInt();
        if (count < least || count > most) {
            throw new ModelFormatException(what + ": " + count + ", must be " + least + " to " + most);
        }
        return count;
    }

    static float[] floats(DataInputStream in, String what, int most) throws IOException {
        float[] values = new float[count(in, what, 0, most)];
        for (int i = 0; i < values.length; i++) {
            values[i] = finite(in.readFloat(), what);
        }
        return values;
    }

    static double[] doubles(DataInputStream in, String what, int most) throws IOException {
        double[] values = new double[count(in, what, 0, most)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
            if (!Double.isFinite(values[i])) {
                throw new ModelFormatException(what + ": must be finite");
            }
        }
        return values;
    }

    private static float finite(float value, String what) throws ModelFormatException {
        if (!Float.isFinite(value)) {
            throw new ModelFormatException(what + ": must be finite");
        }
        return value;
    }

    static void write(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    static void write(DataOutputStream out, double[] values) throws IOException {
        out.writeInt(values.length);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    /** Nothing may follow what was read. */
    static void end(DataInputStream in) throws IOException {
        if (in.read() >= 0) {
            throw new ModelFormatException("model file: content goes on after its end");
        }
    }

    /** What a reader throws, told as what is wrong with the file. */
    static ModelFormatException wrong(Exception e) {
        if (e instanceof ModelFormatException wrong) {
            return wrong;
        }
        String message = e instanceof EOFException ? "ends too early" : String.valueOf(e.getMessage());
        return new ModelFormatException("model file: " + message, e);
    }
}
