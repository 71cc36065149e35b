package org.exchequer.prooflog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with signatures below it (C2SP signed-note). It says nothing until a {@link NoteKey} has verified it.
 *
 * @param text ends with a newline; its own empty lines are allowed
 * @param signatures at least one, at most {@link #MOST_SIGNATURES}
 */
public record SignedNote(String text, List<Signature> signatures) {
    public static final int MOST_SIGNATURES = 64;

    private static final int MOST_CHARS = 64 * 1024;
    private static final String DASH = "— ";
    private static final int ID_BYTES = 4;
    // A text without empty lines of its own, which checkpoints and retention records are.
    private static final Pattern NOTE = Pattern.compile("\\G(?:[^\n—][^\n]*+\n)++\n(?:— [^\n]++\n)++");

    /**
     * A signature line.
     *
     * @param name of the key
     * @param keyId first four bytes of a hash over name and key
     * @param bytes what follows the key's number: the signature, for cosignatures with its time before it
     */
    public record Signature(String name, int keyId, byte[] bytes) {
        String line() {
            byte[] all = ByteBuffer.allocate(ID_BYTES + bytes.length)
                    .putInt(keyId)
                    .put(bytes)
                    .array();
            return DASH + name + " " + Base64.getEncoder().encodeToString(all) + "\n";
        }
    }

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /**
     * Parses a note.
     *
     * @throws MalformedNoteException when it is none; signatures are not looked at
     */
    public static SignedNote parse(String note) throws MalformedNoteException {
        if (note.length() > MOST_CHARS) {
            throw new MalformedNoteException("a note of more than " + MOST_CHARS + " characters");
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 1 || !note.endsWith("\n") || note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new MalformedNoteException("not a signed note: text, an empty line and signatures are expected");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : note.substring(blank + 2).lines().toList()) {
            signatures.add(signature(line));
        }
        if (signatures.isEmpty() || signatures.size() > MOST_SIGNATURES) {
            throw new MalformedNoteException("a note with " + signatures.size() + " signatures");
        }
        return new SignedNote(note.substring(0, blank + 1), signatures);
    }

    /** The whole notes at the beginning of a text that has one after the other. */
    static List<SignedNote> parseAll(String text) throws MalformedNoteException {
        List<SignedNote> notes = new ArrayList<>();
        Matcher matcher = NOTE.matcher(text);
        while (matcher.find()) {
            notes.add(parse(matcher.group()));
        }
        return notes;
    }

    private static Signature signature(String line) throws MalformedNoteException {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !parts[0].equals(DASH.strip()) || parts[1].isEmpty() || parts[1].contains("+")) {
            throw new MalformedNoteException("not a signature line: " + line);
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(parts[2]));
            if (bytes.remaining() <= ID_BYTES) {
                throw new MalformedNoteException("a signature without bytes: " + line);
            }
            int keyId = bytes.getInt();
            byte[] rest = new byte[bytes.remaining()];
            bytes.get(rest);
            return new Signature(parts[1], keyId, rest);
        } catch (IllegalArgumentException e) {
            throw new MalformedNoteException("not Base64: " + line);
        }
    }

    /** The same note with one more signature. */
    public SignedNote with(Signature signature) {
        List<Signature> more = new ArrayList<>(signatures);
        more.add(signature);
        return new SignedNote(text, more);
    }

    /** The note as it is written and sent. */
    public String render() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }
}
