package org.exchequer.regtech.edge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.prooflog.MalformedNoteException;
import org.exchequer.prooflog.NoteKey;
import org.exchequer.prooflog.ProofBundle;
import org.exchequer.prooflog.SignedNote;
import org.exchequer.regtech.api.Pack;
import org.exchequer.regtech.api.PackRequest;

/**
 * The manifest of a pack, and whether a folder is what its manifest says.
 *
 * <p>The manifest is a signed note (C2SP signed-note): {@code exchequer regulatory pack v1}, the dates, whether the
 * last day is closed, the public key of each proof log, and a line per file: SHA-256, length, name.
 *
 * <p>A ledger over several shards has a proof log on each. Behind the key of each but the first stands the number that
 * those of its transactions begin after, so every proof belongs to one log and one entry of it by its name.
 */
public final class PackFiles {
    /** Most proofs of a pack: its manifest, a line each, stays a note that every reader takes. */
    public static final int MOST_PROOFS = 400;

    private static final String FIRST = "exchequer regulatory pack v1";
    private static final String LOG = "log ";
    private static final String NO_LOG = "none";
    private static final String PROOFS = "proofs/";
    private static final String NUMBER = "0|[1-9][0-9]{0,17}";

    private PackFiles() {}

    /**
     * The text to sign.
     *
     * @param closed whether the last booking date's day is closed: nothing is booked into it any more
     */
    public static String manifest(
            PackRequest request, boolean closed, List<Proofs.Log> logs, SortedMap<String, byte[]> files) {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        text.append("from ").append(request.from()).append('\n');
        text.append("date ").append(request.date()).append('\n');
        text.append("day ").append(closed ? "closed" : "open").append('\n');
        text.append("dormant days ").append(request.dormantDays()).append('\n');
        new TreeMap<>(request.thresholds())
                .forEach((currency, least) -> text.append("threshold ")
                        .append(currency)
                        .append(' ')
                        .append(least)
                        .append('\n'));
        if (logs.isEmpty()) {
            text.append(LOG).append(NO_LOG).append('\n');
        }
        for (Proofs.Log log : logs) {
            text.append(LOG).append(log.key());
            text.append(log.before() == 0 ? "" : " " + log.before()).append('\n');
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            text.append(line(file.getKey(), file.getValue())).append('\n');
        }
        return text.toString();
    }

    /** The file with the proof of the entry at this position. */
    public static String proof(long position) {
        return PROOFS + position + ProofBundle.FILE_ENDING;
    }

    private static String line(String name, byte[] bytes) {
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            return hash + " " + bytes.length + " " + name;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Verifies a folder: the manifest's signature, every file's bytes, that no other file is there, and every proof
     * against the proof log's key in the manifest.
     *
     * @param key of whoever makes packs, from somebody you trust
     * @return the first thing that does not hold; empty when all does
     */
    public static Optional<String> verify(Path folder, NoteKey key) throws IOException {
        try {
            Path file = folder.resolve(Pack.MANIFEST);
            if (!Files.isRegularFile(file)) {
                return Optional.of(Pack.MANIFEST + " is missing");
            }
            SignedNote manifest = SignedNote.parse(Files.readString(file));
            List<String> lines = manifest.text().lines().toList();
            if (!key.signed(manifest) || !lines.getFirst().equals(FIRST)) {
                return Optional.of(Pack.MANIFEST + " is not a manifest signed by " + key.name());
            }
            Optional<String> wrong = compare(folder, lines);
            return wrong.isPresent() ? wrong : proofs(folder, lines);
        } catch (MalformedNoteException malformed) {
            return Optional.of(Pack.MANIFEST + ": " + malformed.getMessage());
        }
    }

    private static Optional<String> compare(Path folder, List<String> lines) throws IOException {
        Map<String, String> listed = new TreeMap<>();
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            if (parts[0].length() == 64) {
                listed.put(parts[2], line);
            }
        }
        for (Path file : files(folder)) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            String line = listed.remove(name);
            if (line == null && !name.equals(Pack.MANIFEST)) {
                return Optional.of(name + " is not in the manifest");
            }
            if (line != null && !line.equals(line(name, Files.readAllBytes(file)))) {
                return Optional.of(name + " is not what was signed");
            }
        }
        return listed.keySet().stream().findFirst().map(name -> name + " is missing");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Optional<String> proofs(Path folder, List<String> lines) throws IOException {
        NavigableMap<Long, NoteKey> logs = new TreeMap<>();
        for (String line : lines) {
            String[] parts = line.split(" ", -1);
            if (!line.startsWith(LOG) || parts[1].equals(NO_LOG)) {
                continue;
            }
            String before = parts.length > 2 ? parts[2] : "0";
            try {
                if (parts.length > 3
                        || !before.matches(NUMBER)
                        || logs.put(Long.parseLong(before), NoteKey.parse(parts[1])) != null) {
                    return Optional.of(Pack.MANIFEST + ": \"" + line + "\" names no proof log");
                }
            } catch (MalformedNoteException malformed) {
                return Optional.of(Pack.MANIFEST + ": " + malformed.getMessage());
            }
        }
        for (Path file : files(folder)) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            if (!name.startsWith(PROOFS)) {
                continue;
            }
            try {
                if (!holds(name, Files.readString(file, StandardCharsets.UTF_8), logs)) {
                    return Optional.of(name + " does not hold");
                }
            } catch (MalformedNoteException malformed) {
                return Optional.of(name + ": " + malformed.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Whether the log whose range the number in the name lies in has signed this entry, at that number's place. */
    private static boolean holds(String name, String text, NavigableMap<Long, NoteKey> logs)
            throws MalformedNoteException {
        String number = name.substring(PROOFS.length()).replace(ProofBundle.FILE_ENDING, "");
        Map.Entry<Long, NoteKey> log = number.matches(NUMBER) ? logs.lowerEntry(Long.parseLong(number)) : null;
        ProofBundle bundle = ProofBundle.parse(text);
        return log != null
                && bundle.index() == Long.parseLong(number) - log.getKey() - 1
                && bundle.holds(log.getValue());
    }
}
