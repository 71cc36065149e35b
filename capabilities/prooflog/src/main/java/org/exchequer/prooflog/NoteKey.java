package org.exchequer.prooflog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The public key of a log or a witness: Ed25519, with the name it signs under (C2SP signed-note, "verifier keys").
 *
 * @param name without spaces and plus signs, e.g. {@code example.com/ledger}; a log's name is its origin
 * @param kind what its signatures say
 * @param bytes the key, 32 bytes (RFC 8032)
 */
public record NoteKey(String name, Kind kind, byte[] bytes) {
    /** Signature types of C2SP signed-note. */
    public enum Kind {
        /** "This is the text": signatures of logs. */
        LOG(1),
        /** "At this time nothing newer was seen, and all was consistent": a witness's (C2SP tlog-cosignature). */
        WITNESS(4);

        private final byte type;

        Kind(int type) {
            this.type = (byte) type;
        }
    }

    private static final byte[] DER_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;
    private static final String ALGORITHM = "Ed25519";

    public NoteKey {
        if (name.isEmpty() || name.contains("+") || name.chars().anyMatch(NoteKey::isSpaceOrControl)) {
            throw new IllegalArgumentException("a key's name must have neither spaces nor '+': \"" + name + '"');
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key of Ed25519 has 32 bytes, not " + bytes.length);
        }
    }

    private static boolean isSpaceOrControl(int c) {
        return c <= ' ' || Character.isSpaceChar(c) || Character.isISOControl(c);
    }

    /**
     * Parses {@code name+id+key}.
     *
     * @throws MalformedNoteException when it is of another form, or the id is not that of name and key
     */
    public static NoteKey parse(String vkey) throws MalformedNoteException {
        String[] parts = vkey.strip().split("\\+", 3);
        try {
            byte[] typed = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
            for (Kind kind : Kind.values()) {
                if (typed.length == KEY_BYTES + 1 && typed[0] == kind.type) {
                    NoteKey key = new NoteKey(parts[0], kind, Arrays.copyOfRange(typed, 1, typed.length));
                    if (key.vkey().equals(vkey.strip())) {
                        return key;
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedNoteException("not a verifier key (" + e.getMessage() + "): " + vkey.strip());
        }
        throw new MalformedNoteException("not a verifier key (name+id+key, Ed25519): " + vkey.strip());
    }

    /** The first four bytes of SHA-256 over name, newline, type and key. */
    public int id() {
        byte[] prefix = (name + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = ByteBuffer.allocate(prefix.length + 1 + KEY_BYTES)
                .put(prefix)
                .put(typed())
                .array();
        return ByteBuffer.wrap(MerkleTree.sha256(all)).getInt();
    }

    /** The key as text; {@link #parse} reads it. */
    public String vkey() {
        return name + "+" + HexFormat.of().toHexDigits(id()) + "+"
                + Base64.getEncoder().encodeToString(typed());
    }

    private byte[] typed() {
        return ByteBuffer.allocate(1 + KEY_BYTES).put(kind.type).put(bytes).array();
    }

    /** Whether this key signed the note. A witness's key must have cosigned it. */
    public boolean signed(SignedNote note) {
        return signedAt(note).isPresent();
    }

    /** When this key signed the note; the epoch for a log's key, whose signatures have no time; empty if it did not. */
    public Optional<Instant> signedAt(SignedNote note) {
        for (SignedNote.Signature signature : note.signatures()) {
            if (signature.name().equals(name) && signature.keyId() == id()) {
                byte[] all = signature.bytes();
                int timed = kind == Kind.WITNESS ? Long.BYTES : 0;
                if (all.length != timed + SIGNATURE_BYTES) {
                    return Optional.empty();
                }
                long second = timed == 0 ? 0 : ByteBuffer.wrap(all).getLong();
                byte[] bytes = Arrays.copyOfRange(all, timed, all.length);
                return second >= 0
                                && second <= Instant.MAX.getEpochSecond()
                                && verifies(message(kind, note, second), bytes)
                        ? Optional.of(Instant.ofEpochSecond(second))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** What is signed. */
    static byte[] message(Kind kind, SignedNote note, long second) {
        String header = switch (kind) {
            case LOG -> "";
            case WITNESS -> "cosignature/v1\ntime " + second + "\n";
        };
        return (header + note.text()).getBytes(StandardCharsets.UTF_8);
    }

    private boolean verifies(byte[] message, byte[] signature) {
        try {
            byte[] der = ByteBuffer.allocate(DER_PREFIX.length + KEY_BYTES)
                    .put(DER_PREFIX)
                    .put(bytes)
                    .array();
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der));
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519, or " + name + " is not a key of it", e);
        }
    }
}
