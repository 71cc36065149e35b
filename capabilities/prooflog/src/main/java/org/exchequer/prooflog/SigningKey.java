package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.exchequer.platform.infra.SmallFiles;

/** The private key of a log or a witness. Kept in a file of mode 0600; whoever can read it can sign in its name. */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final int RAW_BYTES = 32;

    private final NoteKey key;
    private final PrivateKey secret;

    private SigningKey(NoteKey key, PrivateKey secret) {
        this.key = key;
        this.secret = secret;
    }

    /**
     * The key in this file, made when there is none; its public half stands beside it, as {@code <file>.vkey} without
     * the file's own ending ({@code log.key}, {@code log.vkey}).
     *
     * @throws ProofLogException when the file is damaged, of another name or kind, or cannot be read or written
     */
    public static SigningKey open(Path file, String name, NoteKey.Kind kind) {
        try {
            if (!Files.exists(file)) {
                create(file, name, kind);
            }
            List<String> lines = Files.readAllLines(file);
            NoteKey key = NoteKey.parse(lines.getFirst());
            byte[] der = Base64.getDecoder().decode(lines.get(1));
            PrivateKey secret = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
            SigningKey opened = new SigningKey(key, secret);
            if (!key.name().equals(name) || key.kind() != kind) {
                throw new ProofLogException("the key in " + file + " is that of " + key.name() + ", not of " + name);
            }
            SignedNote probe = opened.sign("probe\n", Instant.EPOCH);
            if (!key.signed(probe)) {
                throw new ProofLogException("the halves of the key in " + file + " do not belong together");
            }
            Path open = publicFile(file);
            if (!SmallFiles.read(open).orElse("").equals(key.vkey())) {
                throw new ProofLogException(open + " is not the public half of the key in " + file);
            }
            return opened;
        } catch (IOException e) {
            throw new ProofLogException("cannot use the key " + file + ": " + e.getMessage(), e);
        } catch (MalformedNoteException
                | GeneralSecurityException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            // The message would quote the file.
            throw new ProofLogException(
                    "the key in " + file + " is damaged (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static void create(Path file, String name, NoteKey.Kind kind) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        byte[] der = pair.getPublic().getEncoded();
        NoteKey key = new NoteKey(name, kind, Arrays.copyOfRange(der, der.length - RAW_BYTES, der.length));
        // The public half first: a private one without it would be refused at the next start.
        SmallFiles.write(publicFile(file), key.vkey() + "\n");
        String secret = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
        SmallFiles.write(file, key.vkey() + "\n" + secret + "\n");
    }

    private static Path publicFile(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.replaceFirst("\\.[^.]*$", "") + ".vkey");
    }

    /** The public half. */
    public NoteKey key() {
        return key;
    }

    /** A note of this text with this key's signature. A log's signatures have no time in them. */
    public SignedNote sign(String text, Instant at) {
        SignedNote unsigned = new SignedNote(text, List.of());
        return unsigned.with(signature(unsigned, at));
    }

    /** This key's signature under a note that is there already. */
    public SignedNote.Signature signature(SignedNote note, Instant at) {
        try {
            Signature signer = Signature.getInstance(ALGORITHM);
            signer.initSign(secret);
            signer.update(NoteKey.message(key.kind(), note, at.getEpochSecond()));
            byte[] bytes = signer.sign();
            byte[] timed = switch (key.kind()) {
                case LOG -> bytes;
                case WITNESS ->
                    ByteBuffer.allocate(Long.BYTES + bytes.length)
                            .putLong(at.getEpochSecond())
                            .put(bytes)
                            .array();
            };
            return new SignedNote.Signature(key.name(), key.id(), timed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key " + key.name() + " cannot sign", e);
        }
    }
}
