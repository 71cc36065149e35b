package org.exchequer.prooflog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.exchequer.platform.infra.SmallFiles;

/**
 * Seals personal data before it goes into a log, under a key per subject (AES-256-GCM). Erasing a subject destroys the
 * key: the entries stay, and every proof of them holds, but nobody can read them any more.
 *
 * <p>Keys are files of a folder that is not the log's, each wrapped by a key derived from the master key; a file's name
 * is a keyed hash of the subject, so that the folder does not say who it is about. A backup of the folder keeps erased
 * keys alive: give it the shortest retention of all. The subject's name may be any stable reference; a subject that
 * comes back after it was erased gets a new one.
 */
public final class SubjectKeys {
    /** Length of the master key, in bytes. */
    public static final int MASTER_BYTES = 32;

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");
    private static final byte VERSION = 1;
    private static final int ID_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;
    private static final int OVERHEAD = 1 + ID_BYTES + NONCE_BYTES + TAG_BITS / Byte.SIZE;

    private final Path folder;
    private final SecretKey wrapping;
    private final SecretKey naming;
    private final SecureRandom random = new SecureRandom();

    private SubjectKeys(Path folder, SecretKey wrapping, SecretKey naming) {
        this.folder = folder;
        this.wrapping = wrapping;
        this.naming = naming;
    }

    /**
     * Opens the folder of keys, or makes it.
     *
     * @param master 32 random bytes, kept elsewhere than the folder
     */
    public static SubjectKeys open(Path folder, byte[] master) {
        if (master.length != MASTER_BYTES) {
            throw new IllegalArgumentException("the master key has 32 bytes, not " + master.length);
        }
        try {
            Files.createDirectories(folder);
            return new SubjectKeys(folder, derive(master, "wrapping", "AES"), derive(master, "naming", "HmacSHA256"));
        } catch (IOException e) {
            throw new UncheckedIOException("the keys' folder cannot be made: " + folder, e);
        }
    }

    private static SecretKey derive(byte[] master, String purpose, String algorithm) {
        try {
            HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(master)
                    .thenExpand(("exchequer subject keys: " + purpose).getBytes(StandardCharsets.US_ASCII), KEY_BYTES);
            return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF", e);
        }
    }

    /**
     * Encrypts data of a subject, making its key when it has none.
     *
     * @param subject a stable reference to a person; never stored
     * @return 45 bytes longer than {@code data}
     * @throws SubjectErasedException when the subject was erased
     */
    public byte[] seal(String subject, byte[] data) {
        byte[] id = id(subject);
        SecretKey key = key(id).orElseGet(() -> create(id));
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] header = ByteBuffer.allocate(1 + ID_BYTES).put(VERSION).put(id).array();
        return ByteBuffer.allocate(OVERHEAD + data.length)
                .put(header)
                .put(nonce)
                .put(cipher(Cipher.ENCRYPT_MODE, key, nonce, header, data))
                .array();
    }

    /**
     * Decrypts what {@link #seal} made.
     *
     * @throws SubjectErasedException when its subject was erased
     * @throws ProofLogException when it was not sealed with these keys, or was changed
     */
    public byte[] open(byte[] sealed) {
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new ProofLogException("these bytes were not sealed here");
        }
        byte[] header = Arrays.copyOf(sealed, 1 + ID_BYTES);
        byte[] nonce = Arrays.copyOfRange(sealed, header.length, header.length + NONCE_BYTES);
        byte[] data = Arrays.copyOfRange(sealed, header.length + NONCE_BYTES, sealed.length);
        SecretKey key = key(Arrays.copyOfRange(header, 1, header.length))
                .orElseThrow(() -> new ProofLogException("these bytes were sealed with a key that is not here"));
        return cipher(Cipher.DECRYPT_MODE, key, nonce, header, data);
    }

    /** How a subject's key is called: a keyed hash, in hexadecimal digits, which tells nobody who it is. */
    public String name(String subject) {
        return HexFormat.of().formatHex(id(subject));
    }

    /** All keys by their names: whether each is there still, or was erased. */
    public SortedMap<String, Boolean> names() {
        SortedMap<String, Boolean> names = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.filter(each ->
                            NAME.matcher(String.valueOf(each.getFileName())).matches())
                    .toList()) {
                names.put(String.valueOf(file.getFileName()), Files.size(file) > 0);
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException("the keys cannot be listed: " + folder, e);
        }
    }

    /**
     * Destroys a subject's key, durably; an empty file remains, so that no key is made for it again.
     *
     * @return whether it had a key
     */
    public boolean erase(String subject) {
        Path file = file(id(subject));
        try {
            boolean had = Files.exists(file) && Files.size(file) > 0;
            Files.createDirectories(SmallFiles.parent(file));
            if (had) {
                // Overwritten in place first: the blocks of a replaced file would keep the key until they are reused.
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.allocate((int) channel.size()), 0);
                    channel.force(true);
                    channel.truncate(0);
                    channel.force(true);
                }
            } else if (!Files.exists(file)) {
                SmallFiles.write(file, "");
            }
            return had;
        } catch (IOException e) {
            throw new UncheckedIOException("the key was not erased: " + file, e);
        }
    }

    private Optional<SecretKey> key(byte[] id) {
        Path file = file(id);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            byte[] wrapped = HexFormat.of().parseHex(Files.readString(file).strip());
            if (wrapped.length == 0) {
                throw new SubjectErasedException();
            }
            byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
            byte[] data = Arrays.copyOfRange(wrapped, NONCE_BYTES, wrapped.length);
            return Optional.of(new SecretKeySpec(cipher(Cipher.DECRYPT_MODE, wrapping, nonce, id, data), "AES"));
        } catch (IOException e) {
            throw new UncheckedIOException("the subject's key cannot be read: " + file, e);
        } catch (IllegalArgumentException e) {
            // Torn by a crash while it was erased: zeros are no hexadecimal digits.
            throw new SubjectErasedException();
        }
    }

    private SecretKey create(byte[] id) {
        byte[] key = new byte[KEY_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(key);
        random.nextBytes(nonce);
        byte[] wrapped = ByteBuffer.allocate(NONCE_BYTES + KEY_BYTES + TAG_BITS / Byte.SIZE)
                .put(nonce)
                .put(cipher(Cipher.ENCRYPT_MODE, wrapping, nonce, id, key))
                .array();
        Path file = file(id);
        Path fresh = file.resolveSibling(
                "." + file.getFileName() + "." + HexFormat.of().formatHex(nonce));
        try {
            Files.createDirectories(SmallFiles.parent(file));
            SmallFiles.write(fresh, HexFormat.of().formatHex(wrapped) + "\n");
            try {
                // A link appears whole or not at all, and never replaces a key that another thread made.
                Files.createLink(file, fresh);
                SmallFiles.sync(SmallFiles.parent(file));
            } catch (FileAlreadyExistsException e) {
                return key(id).orElseThrow(() -> new ProofLogException("the key vanished: " + file, e));
            } finally {
                Files.delete(fresh);
            }
            return new SecretKeySpec(key, "AES");
        } catch (IOException e) {
            throw new UncheckedIOException("the subject's key cannot be made: " + file, e);
        }
    }

    private Path file(byte[] id) {
        String name = HexFormat.of().formatHex(id);
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }

    private byte[] id(String subject) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(naming);
            return Arrays.copyOf(mac.doFinal(subject.getBytes(StandardCharsets.UTF_8)), ID_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC", e);
        }
    }

    private static byte[] cipher(int mode, SecretKey key, byte[] nonce, byte[] associated, byte[] data) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(data);
        } catch (AEADBadTagException e) {
            throw new ProofLogException("sealed bytes were changed, or the master key is another", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }
}
