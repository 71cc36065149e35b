package org.exchequer.prooflog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals personal data before it goes into a log, under a key per subject (AES-256-GCM). Erasing a subject destroys the
 * key: the entries stay, and every proof of them holds, but nobody can read them any more.
 *
 * <p>Keys are kept apart from the log, in a folder or another {@link SubjectKeyStore}, each wrapped by a key derived
 * from the master key; a key's name is a keyed hash of the subject, so that the store does not say who it is about. A
 * backup of the store keeps erased keys alive: give it the shortest retention of all. The subject's name may be any
 * stable reference; a subject that comes back after it was erased gets a new one.
 */
public final class SubjectKeys {
    /** Length of the master key, in bytes. */
    public static final int MASTER_BYTES = MasterKey.BYTES;

    /** What is read where the subject was erased. */
    public static final String ERASED = "(erased)";

    /** What is read where the key is not here, or the bytes were changed. */
    public static final String UNREADABLE = "(unreadable)";

    private static final byte VERSION = 1;
    private static final int ID_BYTES = 16;
    private static final int KEY_BYTES = 32;

    /** By how much sealed bytes are longer. */
    static final int OVERHEAD = 1 + ID_BYTES + MasterKey.NONCE_BYTES + MasterKey.TAG_BITS / Byte.SIZE;

    /** How a subject stands. */
    public enum State {
        /** Nothing was sealed for it. */
        UNKNOWN,
        /** What was sealed for it can be read. */
        KEPT,
        /** Its key was destroyed. */
        ERASED
    }

    private final SubjectKeyStore store;
    private final MasterKey master;
    private final SecretKey naming;

    private SubjectKeys(SubjectKeyStore store, MasterKey master, SecretKey naming) {
        this.store = store;
        this.master = master;
        this.naming = naming;
    }

    /**
     * Opens the folder of keys, or makes it.
     *
     * @param master 32 random bytes, kept elsewhere than the folder
     */
    public static SubjectKeys open(Path folder, byte[] master) {
        MasterKey key = MasterKey.of(master);
        return new SubjectKeys(new KeyFolder(folder), key, key.derived("naming", "HmacSHA256"));
    }

    /**
     * Keys of a store whose master key can be replaced: their names come from a secret of their own, which remains.
     *
     * @param naming 32 random bytes, which the store keeps wrapped
     */
    public static SubjectKeys over(SubjectKeyStore store, MasterKey master, byte[] naming) {
        return new SubjectKeys(store, master, new SecretKeySpec(naming, "HmacSHA256"));
    }

    /** A new secret to name keys by. */
    public static byte[] newNaming() {
        return MasterKey.randomBytes(KEY_BYTES);
    }

    /** The same wrapped key under another master key. */
    public static byte[] rewrap(String name, byte[] wrapped, MasterKey from, MasterKey to) {
        byte[] about = HexFormat.of().parseHex(name);
        return to.wrap(about, from.unwrap(about, wrapped));
    }

    /**
     * Encrypts data of a subject, making its key when it has none.
     *
     * @param subject a stable reference to a person; never stored
     * @return 45 bytes longer than {@code data}
     * @throws SubjectErasedException when the subject was erased
     */
    public byte[] seal(String subject, byte[] data) {
        String name = name(subject);
        return seal(name, key(name), MasterKey.randomBytes(MasterKey.NONCE_BYTES), data);
    }

    /**
     * The same, always with the same result for the same data of the same subject: the nonce is a MAC of the data under
     * a key derived from the subject's, as the synthetic one of SIV (RFC 5297), so two nonces of a subject are the same
     * only where the data is, or once in 2^48 texts (NIST SP 800-38D, 8). Who compares two sees whether they are equal,
     * and nothing else.
     *
     * @throws SubjectErasedException when the subject was erased
     */
    public byte[] sealAlike(String subject, byte[] data) {
        String name = name(subject);
        byte[] key = key(name);
        SecretKey synthesis = MasterKey.derive(key, "exchequer subject keys: synthetic nonce", "HmacSHA256");
        return seal(name, key, Arrays.copyOf(mac(synthesis, data), MasterKey.NONCE_BYTES), data);
    }

    private static byte[] seal(String name, byte[] key, byte[] nonce, byte[] data) {
        byte[] header = ByteBuffer.allocate(1 + ID_BYTES)
                .put(VERSION)
                .put(HexFormat.of().parseHex(name))
                .array();
        return ByteBuffer.allocate(OVERHEAD + data.length)
                .put(header)
                .put(nonce)
                .put(MasterKey.cipher(Cipher.ENCRYPT_MODE, MasterKey.aes(key), nonce, header, data))
                .array();
    }

    /**
     * Decrypts what {@link #seal} or {@link #sealAlike} made.
     *
     * @throws SubjectErasedException when its subject was erased
     * @throws ProofLogException when it was not sealed with these keys, or was changed
     */
    public byte[] open(byte[] sealed) {
        String name = nameIn(sealed);
        return open(sealed, store.find(Set.of(name)).get(name));
    }

    private byte[] open(byte[] sealed, byte @Nullable [] wrapped) {
        if (wrapped == null) {
            throw new ProofLogException("these bytes were sealed with a key that is not here");
        }
        byte[] header = Arrays.copyOf(sealed, 1 + ID_BYTES);
        byte[] nonce = Arrays.copyOfRange(sealed, header.length, header.length + MasterKey.NONCE_BYTES);
        byte[] data = Arrays.copyOfRange(sealed, header.length + MasterKey.NONCE_BYTES, sealed.length);
        SecretKey key = MasterKey.aes(unwrap(nameIn(sealed), wrapped));
        return MasterKey.cipher(Cipher.DECRYPT_MODE, key, nonce, header, data);
    }

    /**
     * What people read of sealed texts, by these: each opened, or {@value #ERASED}, or {@value #UNREADABLE} where the
     * key is not here or the text was changed. Keys are read together.
     */
    public Map<String, String> openTexts(Collection<String> sealed) {
        Map<String, byte[]> bytes = new HashMap<>();
        Set<String> names = new TreeSet<>();
        Map<String, String> read = new TreeMap<>();
        for (String text : sealed) {
            try {
                byte[] each = SealedText.bytes(text);
                names.add(nameIn(each));
                bytes.put(text, each);
            } catch (ProofLogException notOurs) {
                read.put(text, UNREADABLE);
            }
        }
        Map<String, byte[]> keys = store.find(names);
        bytes.forEach((text, each) -> read.put(text, read(each, keys.get(nameIn(each)))));
        return read;
    }

    private String read(byte[] sealed, byte @Nullable [] wrapped) {
        try {
            return new String(open(sealed, wrapped), StandardCharsets.UTF_8);
        } catch (SubjectErasedException e) {
            return ERASED;
        } catch (ProofLogException e) {
            return UNREADABLE;
        }
    }

    /** How a subject stands. */
    public State state(String subject) {
        String name = name(subject);
        byte[] wrapped = store.find(Set.of(name)).get(name);
        return wrapped == null ? State.UNKNOWN : wrapped.length == 0 ? State.ERASED : State.KEPT;
    }

    /**
     * Destroys a subject's key, durably; so much remains that no key is made for it again.
     *
     * @return whether it had a key
     */
    public boolean erase(String subject) {
        return store.erase(name(subject));
    }

    /** How a subject's key is called: a keyed hash, in hexadecimal digits, which tells nobody who it is. */
    public String name(String subject) {
        byte[] hash = mac(naming, subject.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    }

    /** All keys by their names: whether each is there still, or was erased. */
    public SortedMap<String, Boolean> names() {
        return store.names();
    }

    private static String nameIn(byte[] sealed) {
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new ProofLogException("these bytes were not sealed here");
        }
        return HexFormat.of().formatHex(sealed, 1, 1 + ID_BYTES);
    }

    private byte[] key(String name) {
        byte[] wrapped = Optional.ofNullable(store.find(Set.of(name)).get(name))
                .orElseGet(() -> store.putIfAbsent(
                        name, master.wrap(HexFormat.of().parseHex(name), MasterKey.randomBytes(KEY_BYTES))));
        return unwrap(name, wrapped);
    }

    private byte[] unwrap(String name, byte[] wrapped) {
        if (wrapped.length == 0) {
            throw new SubjectErasedException();
        }
        return master.unwrap(HexFormat.of().parseHex(name), wrapped);
    }

    private static byte[] mac(SecretKey key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC", e);
        }
    }
}
