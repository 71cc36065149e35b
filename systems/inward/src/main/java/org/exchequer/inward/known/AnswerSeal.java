package org.exchequer.inward.known;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.exchequer.inward.api.Answered;

/**
 * Answers as they lie in a cache that others can read and write. Nothing there says whose they are: the name is a keyed
 * hash (HMAC-SHA-256) of the message's digest, the value is sealed (AES-256-GCM). Each message has a sealing key of its
 * own, derived from its digest by HMAC, so a value opens for the message that it answers and for no other; one that was
 * damaged, forged, or put under another name does not open.
 *
 * <pre>  1 byte  form, 1
 *  12 bytes nonce
 *     sealed: 16 bytes payment, 1 byte length of the status, the status, the answer
 *  16 bytes tag</pre>
 */
final class AnswerSeal {
    private static final String HMAC = "HmacSHA256";
    private static final String PREFIX = "exchequer:inward:answer:";
    private static final byte FORM = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int LEAST_BYTES = 1 + NONCE_BYTES + 16 + 1 + TAG_BITS / 8;

    private final SecretKeySpec naming;
    private final SecretKeySpec sealing;
    private final SecureRandom random = new SecureRandom();

    /** @param secret 32 bytes that all nodes of a database share */
    AnswerSeal(byte[] secret) {
        SecretKeySpec root = new SecretKeySpec(secret, HMAC);
        this.naming = new SecretKeySpec(hmac(root, "name".getBytes(StandardCharsets.UTF_8)), HMAC);
        this.sealing = new SecretKeySpec(hmac(root, "seal".getBytes(StandardCharsets.UTF_8)), HMAC);
    }

    /** Under which an answer is kept. */
    byte[] name(byte[] digest) {
        return (PREFIX + HexFormat.of().formatHex(hmac(naming, digest))).getBytes(StandardCharsets.US_ASCII);
    }

    byte[] seal(byte[] digest, Answered answered) {
        byte[] status = answered.status().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer plain = ByteBuffer.allocate(16 + 1 + status.length + answered.message().length)
                .putLong(answered.payment().getMostSignificantBits())
                .putLong(answered.payment().getLeastSignificantBits())
                .put((byte) status.length)
                .put(status)
                .put(answered.message());
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, digest, nonce).doFinal(plain.array());
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORM)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /** The answer to the message with this digest; empty when the value is not one. */
    Optional<Answered> open(byte[] digest, byte[] value) {
        if (value.length < LEAST_BYTES || value[0] != FORM) {
            return Optional.empty();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(value, 1, nonce, 0, NONCE_BYTES);
        try {
            int from = 1 + NONCE_BYTES;
            ByteBuffer plain = ByteBuffer.wrap(
                    cipher(Cipher.DECRYPT_MODE, digest, nonce).doFinal(value, from, value.length - from));
            UUID payment = new UUID(plain.getLong(), plain.getLong());
            byte[] status = new byte[plain.get()];
            plain.get(status);
            byte[] message = new byte[plain.remaining()];
            plain.get(message);
            return Optional.of(new Answered(payment, message, new String(status, StandardCharsets.US_ASCII), true));
        } catch (AEADBadTagException foreign) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] digest, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(hmac(sealing, digest), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(new byte[] {FORM});
        cipher.updateAAD(digest);
        return cipher;
    }

    private static byte[] hmac(SecretKeySpec key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
