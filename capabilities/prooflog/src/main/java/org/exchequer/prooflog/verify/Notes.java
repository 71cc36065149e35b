package org.exchequer.prooflog.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Signed notes and the keys that sign them, as the verifier reads them (C2SP signed-note and tlog-cosignature). */
final class Notes {
    private static final Pattern NOTE = Pattern.compile("\\G((?:[^\n—][^\n]*+\n)++)\n((?:— [^\n]++\n)++)");
    private static final String ED25519_DER = "302a300506032b6570032100";

    /** Something does not hold; the entry at {@code position} is the first that may be wrong. */
    static final class Bad extends Exception {
        private static final long serialVersionUID = 1L;

        Bad(long position, String what) {
            super("FAILED at position " + position + ": " + what);
        }

        /** What is at fault is no entry's place. */
        Bad(String what) {
            super("FAILED: " + what);
        }
    }

    /** A text, and the signature lines below it. */
    record Note(String text, List<String> signatures) {}

    /** A public key of a log (type 1) or a witness (type 4), the type in the first byte. */
    record Key(String name, byte[] typeAndKey, byte[] id) {}

    private Notes() {}

    /** @throws Bad when it does not hold */
    static void require(boolean holds, long position, String otherwise) throws Bad {
        if (!holds) {
            throw new Bad(position, otherwise);
        }
    }

    /** The time at which the key signed (0 for signatures without one); empty when it did not. */
    static List<Long> signature(Note note, Key key) throws Bad, GeneralSecurityException {
        boolean timed = key.typeAndKey()[0] == 4;
        for (String line : note.signatures()) {
            String[] parts = line.split(" ", -1);
            byte[] bytes = parts.length == 3 ? base64(parts[2]) : new byte[0];
            if (bytes.length == (timed ? 76 : 68)
                    && parts[1].equals(key.name())
                    && Arrays.equals(bytes, 0, 4, key.id(), 0, 4)) {
                long time = timed ? ByteBuffer.wrap(bytes).getLong(4) : 0;
                String signed = (timed ? "cosignature/v1\ntime " + time + "\n" : "") + note.text();
                byte[] der =
                        HexFormat.of().parseHex(ED25519_DER + HexFormat.of().formatHex(key.typeAndKey(), 1, 33));
                PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
                Signature verifier = Signature.getInstance("Ed25519");
                verifier.initVerify(publicKey);
                verifier.update(signed.getBytes(StandardCharsets.UTF_8));
                try {
                    return verifier.verify(bytes, bytes.length - 64, 64) ? List.of(time) : List.of();
                } catch (SignatureException malformed) {
                    return List.of();
                }
            }
        }
        return List.of();
    }

    /** The signed notes in a file, one after the other. */
    static List<Note> notes(Path file) throws IOException, Bad {
        require(Files.exists(file), 0, file + " is missing");
        return notes(Files.readString(file), "" + file);
    }

    static List<Note> notes(String text, String name) throws Bad {
        List<Note> notes = new ArrayList<>();
        Matcher note = NOTE.matcher(text);
        int end = 0;
        while (note.find()) {
            notes.add(new Note(note.group(1), note.group(2).lines().toList()));
            end = note.end();
        }
        require(end == text.length(), 0, name + " is not made of signed notes");
        return notes;
    }

    /** A verifier key (C2SP signed-note), or the file that holds it. */
    static Key key(String text) throws IOException, Bad, GeneralSecurityException {
        String vkey = text.contains("+") && !Files.exists(Path.of(text)) ? text : Files.readString(Path.of(text));
        String[] parts = vkey.strip().split("\\+", 3);
        require(parts.length == 3, 0, "not a verifier key: " + text);
        byte[] typed = base64(parts[2]);
        require(typed.length == 33 && (typed[0] == 1 || typed[0] == 4), 0, "not a key for Ed25519: " + text);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((parts[0] + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] id = Arrays.copyOf(digest.digest(typed), 4);
        require(HexFormat.of().formatHex(id).equals(parts[1]), 0, "the key does not match its number: " + text);
        return new Key(parts[0], typed, id);
    }

    static long number(String text) throws Bad {
        require(text.matches("0|[1-9][0-9]{0,17}"), 0, "not a position: " + text);
        return Long.parseLong(text);
    }

    static byte[] base64(String text) throws Bad {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Bad(0, "not Base64: " + text);
        }
    }

    /** What a log signed: its size, and the root of the tree over its entries. */
    record Checkpoint(long size, byte[] root) {}

    /** One of these notes as a checkpoint that this key signed. */
    static Checkpoint checkpoint(List<Note> notes, int which, Key key, String by) throws Bad, GeneralSecurityException {
        require(which < notes.size(), 0, by + " is not a signed note");
        Note note = notes.get(which);
        List<String> lines = note.text().lines().toList();
        require(lines.size() >= 3, 0, by + " is not a checkpoint");
        if (!lines.getFirst().equals(key.name()) || !named(note, key)) {
            throw new Bad("the key is not the one that signed: " + by + " is of the log " + lines.getFirst()
                    + (lines.getFirst().equals(key.name()) ? ", signed with another key of that name" : "")
                    + "; the key is of another log, " + key.name() + " (key "
                    + HexFormat.of().formatHex(key.id())
                    + "). Nothing else was looked at");
        }
        require(!signature(note, key).isEmpty(), 0, by + " is not signed by " + key.name() + ": it was changed");
        return new Checkpoint(number(lines.get(1)), base64(lines.get(2)));
    }

    /** Whether one of the note's signatures says that it is of this key. */
    private static boolean named(Note note, Key key) throws Bad {
        for (String line : note.signatures()) {
            String[] parts = line.split(" ", -1);
            if (parts.length == 3
                    && parts[1].equals(key.name())
                    && Arrays.equals(Arrays.copyOf(base64(parts[2]), 4), key.id())) {
                return true;
            }
        }
        return false;
    }

    /** When the witness cosigned the note. */
    static String cosignature(Note note, Key witness) throws Bad, GeneralSecurityException {
        List<Long> seconds = signature(note, witness);
        require(!seconds.isEmpty(), 0, "a checkpoint in the witness's folder is not signed by " + witness.name());
        return Instant.ofEpochSecond(seconds.getFirst()).toString();
    }
}
