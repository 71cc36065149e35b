package org.exchequer.prooflog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that wraps subjects' keys. It is never used itself: what is used is derived from it (HKDF, RFC 5869). Nothing
 * prints it.
 */
public final class MasterKey {
    /** Its length. */
    public static final int BYTES = 32;

    static final int NONCE_BYTES = 12;
    static final int TAG_BITS = 128;

    private static final String PURPOSE = "exchequer subject keys: ";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;
    private final SecretKey wrapping;

    private MasterKey(byte[] secret) {
        this.secret = secret;
        this.wrapping = derive(secret, PURPOSE + "wrapping", "AES");
    }

    /** @throws IllegalArgumentException unless there are {@value #BYTES} bytes */
    public static MasterKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("the master key has " + BYTES + " bytes, not " + bytes.length);
        }
        return new MasterKey(bytes.clone());
    }

    /**
     * From text.
     *
     * @param from where it stands, for the message
     * @throws IllegalArgumentException unless it is {@value #BYTES} bytes in Base64 (RFC 4648)
     */
    public static MasterKey parse(String from, String text) {
        try {
            return of(Base64.getDecoder().decode(text.strip()));
        } catch (IllegalArgumentException e) {
            // Without what it says: that may quote the key.
            throw new IllegalArgumentException(from + " must hold " + BYTES + " bytes in Base64");
        }
    }

    /** A new one, at random. */
    public static MasterKey random() {
        return new MasterKey(randomBytes(BYTES));
    }

    /** Base64, for the file that holds it. */
    String text() {
        return Base64.getEncoder().encodeToString(secret);
    }

    /** A key for a purpose. */
    SecretKey derived(String purpose, String algorithm) {
        return derive(secret, PURPOSE + purpose, algorithm);
    }

    /**
     * Encrypts a key (AES-256-GCM, NIST SP 800-38D, under a random nonce).
     *
     * @param about what it belongs to: it can be unwrapped for the same only
     */
    public byte[] wrap(byte[] about, byte[] key) {
        byte[] nonce = randomBytes(NONCE_BYTES);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, wrapping, nonce, about, key);
        return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** @throws WrongMasterKeyException when it was wrapped with another, or changed */
    public byte[] unwrap(byte[] about, byte[] wrapped) {
        try {
            byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
            byte[] data = Arrays.copyOfRange(wrapped, NONCE_BYTES, Math.max(NONCE_BYTES, wrapped.length));
            return cipher(Cipher.DECRYPT_MODE, wrapping, nonce, about, data);
        } catch (ProofLogException e) {
            throw new WrongMasterKeyException("the key was wrapped with another master key, or changed");
        }
    }

    @Override
    public String toString() {
        return "MasterKey";
    }

    static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static SecretKey derive(byte[] secret, String purpose, String algorithm) {
        try {
            HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(secret)
                    .thenExpand(purpose.getBytes(StandardCharsets.US_ASCII), BYTES);
            return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF", e);
        }
    }

    static SecretKey aes(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }

    /** @throws ProofLogException when the tag of what is decrypted is not right */
    static byte[] cipher(int mode, SecretKey key, byte[] nonce, byte[] associated, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(data);
        } catch (AEADBadTagException e) {
            throw new ProofLogException("sealed bytes were changed, or sealed with another key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }
}
