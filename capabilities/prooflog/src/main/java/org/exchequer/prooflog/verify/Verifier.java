package org.exchequer.prooflog.verify;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.exchequer.prooflog.verify.Notes.Bad;
import org.exchequer.prooflog.verify.Notes.Key;
import org.exchequer.prooflog.verify.Notes.Note;

/**
 * Verifies a proof log offline, or one proof bundle. For auditors: this package needs the JDK and nothing else
 * ({@code java Verifier.java DIR}), shares no code with the log, and trusts nothing in the directory but the log's
 * public key, which {@code --key} replaces by one that the auditor got in another way.
 *
 * <p>A directory holds {@code entries/} (segments of 65,536 entries: a header of 8,192 bytes, then each entry behind
 * its length in two bytes), {@code hashes/L} (the SHA-256 hashes of tile level L, C2SP tlog-tiles, end to end),
 * {@code checkpoint} (C2SP tlog-checkpoint), {@code retention} (signed notes on what was purged). It is right when
 * every entry leads to its hash, the hashes to each other, and all to the root of the checkpoint and of every other
 * checkpoint that the auditor brings along, e.g. a witness's.
 */
public final class Verifier {
    private static final String USAGE = """
            usage: verify DIR [--key VKEY|FILE] [--witness DIR]... [--checkpoint FILE]... [--archive DIR]
                   verify --bundle FILE --key VKEY|FILE [--witness VKEY|FILE]...
            exit code: 0 all holds, 1 something does not (the first bad position is named), 2 wrong usage""";

    private static final int SEGMENT = 65_536;
    private static final int SLOT = 4_096;
    private static final int HASH = 32;
    private static final long MAGIC = 0x4558_5052_4c4f_4731L; // "EXPRLOG1"

    /** The root that the first {@code size} entries have, as {@code by} says, who is outside or the log itself. */
    private record Claim(long size, byte[] root, String by, boolean outside) {}

    private final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    private final NavigableMap<Long, List<Claim>> claims = new TreeMap<>();
    private final List<DataInputStream> levels = new ArrayList<>();
    private final List<String> report = new ArrayList<>();
    private final byte[][] peaks = new byte[64][];
    private long size;
    private long agreed;
    private long vouched;

    private Verifier() throws GeneralSecurityException {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        System.exit(run(List.of(args), out));
    }

    /** Verifies what the arguments name, says what it found, and returns the exit code: 0, 1 or 2. */
    public static int run(List<String> args, PrintWriter out) {
        Map<String, List<String>> options = new HashMap<>();
        for (int i = 0; i < args.size(); i++) {
            boolean named = List.of("--key", "--witness", "--checkpoint", "--archive", "--bundle")
                    .contains(args.get(i));
            if (named ? i + 1 == args.size() : args.get(i).startsWith("-")) {
                out.println((named ? "a value is missing after " : "unknown option ") + args.get(i) + "\n" + USAGE);
                return 2;
            }
            options.computeIfAbsent(named ? args.get(i) : "", k -> new ArrayList<>())
                    .add(named ? args.get(++i) : args.get(i));
        }
        List<String> directories = options.getOrDefault("", List.of());
        boolean bundle = options.containsKey("--bundle");
        if (bundle ? !directories.isEmpty() || !options.containsKey("--key") : directories.size() != 1) {
            out.println(USAGE);
            return 2;
        }
        try {
            Verifier verifier = new Verifier();
            if (bundle) {
                Key key = Notes.key(only(options, "--key", ""));
                List<Key> witnesses = new ArrayList<>();
                for (String witness : options.getOrDefault("--witness", List.of())) {
                    witnesses.add(Notes.key(witness));
                }
                out.println(new Bundle().verify(Path.of(only(options, "--bundle", "")), key, witnesses));
            } else if (!Files.isDirectory(Path.of(directories.getFirst()))) {
                out.println("no such directory: " + directories.getFirst());
                return 2;
            } else {
                verifier.directory(Path.of(directories.getFirst()), options);
            }
            verifier.report.forEach(out::println);
            return 0;
        } catch (Bad bad) {
            out.println(bad.getMessage());
            return 1;
        } catch (IOException | InvalidPathException e) {
            out.println("FAILED: cannot be read: " + e);
            return 1;
        } catch (GeneralSecurityException e) {
            out.println("FAILED: this Java cannot verify signatures: " + e);
            return 1;
        }
    }

    private static String only(Map<String, List<String>> options, String name, String otherwise) {
        return options.getOrDefault(name, List.of(otherwise)).getFirst();
    }

    private void directory(Path log, Map<String, List<String>> options)
            throws IOException, Bad, GeneralSecurityException {
        Key key = Notes.key(only(options, "--key", "" + log.resolve("log.vkey")));
        Path archive = Path.of(only(options, "--archive", "" + log.resolve("archive")));
        Claim signed = claim(Notes.notes(log.resolve("checkpoint")), 0, key, "the checkpoint", false);
        vouched = signed.size();
        for (String file : options.getOrDefault("--checkpoint", List.of())) {
            claim(Notes.notes(Path.of(file)), 0, key, file, true);
        }
        for (String folder : options.getOrDefault("--witness", List.of())) {
            Key witness = Notes.key(Path.of(folder, "witness.vkey").toString());
            List<Note> cosigned = new ArrayList<>();
            for (Path file : sorted(Path.of(folder, "cosigned"))) {
                cosigned.addAll(Notes.notes(file));
            }
            for (int i = 0; i < cosigned.size(); i++) {
                String at = Notes.cosignature(cosigned.get(i), witness);
                claim(cosigned, i, key, "the checkpoint that " + witness.name() + " cosigned at " + at, true);
            }
            Notes.require(!cosigned.isEmpty(), 0, folder + " has no cosigned checkpoint");
            report.add(cosigned.size() + " checkpoints cosigned by " + witness.name());
        }
        long purged = purged(log.resolve("retention"), key);
        try {
            for (int level = 0; Files.exists(log.resolve("hashes").resolve("" + level)); level++) {
                levels.add(open(log.resolve("hashes").resolve("" + level)));
            }
            walk(log.resolve("entries"), archive, purged);
        } finally {
            for (InputStream level : levels) {
                level.close();
            }
        }
        report.addFirst("OK: " + size + " entries, root " + Base64.getEncoder().encodeToString(root()) + ", signed by "
                + key.name() + " (key " + HexFormat.of().formatHex(key.id()) + ")");
        if (size > vouched) {
            report.add((size - vouched) + " entries from position " + vouched + " on are not signed yet");
        }
    }

    /** Every segment in order; then nothing may be left over, neither files nor hashes nor claims. */
    private void walk(Path entries, Path archive, long purged) throws IOException, Bad {
        agree();
        long segment = 0;
        for (boolean more = true; more; segment += more ? 1 : 0) {
            String name = String.format("%010d", segment);
            Path file = Files.exists(entries.resolve(name)) ? entries.resolve(name) : archive.resolve(name);
            long start = segment * SEGMENT;
            if (Files.exists(file) && size == start) {
                segment(file, start);
            } else if (start + SEGMENT <= purged && size == start) {
                while (size < start + SEGMENT) {
                    add(levels.isEmpty() ? new byte[0] : levels.getFirst().readNBytes(HASH), true);
                }
                report.add("positions " + start + " to " + (size - 1) + " are not here: purged by policy");
            } else {
                more = false;
            }
        }
        for (Path folder : List.of(entries, archive)) {
            for (Path file : sorted(folder)) {
                String number = "" + file.getFileName();
                boolean known = number.matches("[0-9]{10}") && Long.parseLong(number) < segment;
                Notes.require(known, size, "entries are missing here, or " + file + " does not belong to the log");
            }
        }
        for (Claim claim :
                claims.tailMap(size + 1).values().stream().flatMap(List::stream).toList()) {
            throw new Bad(
                    claim.outside() ? agreed : size,
                    "the entries from here to " + (claim.size() - 1) + " are not those of " + claim.by()
                            + ": the log ends after " + size);
        }
        for (int level = 0; level < levels.size(); level++) {
            Notes.require(levels.get(level).read() < 0, size, "the log ends here, but hashes/" + level + " goes on");
        }
    }

    private static List<Path> sorted(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private void segment(Path file, long start) throws IOException, Bad {
        try (DataInputStream in = open(file)) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(2 * SLOT));
            Notes.require(header.remaining() == 2 * SLOT, start, file + " has no header");
            long end = -1;
            long length = 0;
            for (int at = 0; at < 2 * SLOT; at += SLOT) {
                if (Arrays.equals(header.array(), at, at + SLOT, new byte[SLOT], 0, SLOT)) {
                    continue;
                }
                byte[] slot = Arrays.copyOf(hash(Arrays.copyOfRange(header.array(), at, at + 64)), SLOT - 64);
                boolean whole = Arrays.equals(header.array(), at + 64, at + SLOT, slot, 0, SLOT - 64)
                        && header.getLong(at) == MAGIC
                        && header.getLong(at + 8) == start / SEGMENT
                        && header.getLong(at + 16) >= start
                        && header.getLong(at + 16) <= start + SEGMENT;
                Notes.require(whole, start, "the header of " + file + " is damaged");
                long marked = header.getLong(at + 16);
                byte[] root = Arrays.copyOfRange(header.array(), at + 32, at + 64);
                claims.computeIfAbsent(marked, k -> new ArrayList<>()).add(new Claim(marked, root, "" + file, false));
                length = marked > end ? header.getLong(at + 24) : length;
                end = Math.max(end, marked);
            }
            Notes.require(end >= 0, start, "the header of " + file + " is empty");
            agree();
            long read = 2 * SLOT;
            while (size < end) {
                byte[] entry = new byte[in.readUnsignedShort()];
                in.readFully(entry);
                read += 2 + entry.length;
                add(hash(new byte[] {0}, entry), false);
            }
            Notes.require(
                    in.read() < 0 && read == length,
                    size,
                    file + " goes on after its last entry"
                            + " (an addition, or an unfinished write, which opening the log removes)");
        } catch (EOFException e) {
            throw new Bad(size, file + " ends before the end of this entry");
        }
    }

    /** Takes in the next leaf (RFC 9162, 2.1.1) and compares each hash that it completes with the one in the files. */
    private void add(byte[] leaf, boolean fromFile) throws IOException, Bad {
        Notes.require(leaf.length == HASH, size, "the hashes of what was purged are missing");
        byte[] hash = leaf;
        int height = 0;
        if (!fromFile) {
            stored(0, hash);
        }
        for (long n = size; (n & 1) == 1; n >>= 1) {
            hash = hash(new byte[] {1}, peaks[height++], hash);
            if (height % 8 == 0) {
                stored(height / 8, hash);
            }
        }
        peaks[height] = hash;
        size++;
        agree();
    }

    private void stored(int level, byte[] hash) throws IOException, Bad {
        byte[] stored = level < levels.size() ? levels.get(level).readNBytes(HASH) : new byte[0];
        long first = size >> (8 * level) << (8 * level);
        boolean unsigned = stored.length == 0 && size >= vouched;
        Notes.require(
                unsigned || Arrays.equals(stored, hash),
                first,
                level == 0
                        ? "the entry and its hash in hashes/0 differ"
                        : "the hashes of entries " + first + " to " + size + " and their root in hashes/" + level
                                + " differ");
    }

    /** Compares the root with what is claimed of it at this size. */
    private void agree() throws Bad {
        List<Claim> here = claims.getOrDefault(size, List.of());
        for (Claim claim : here) {
            Notes.require(
                    Arrays.equals(claim.root(), root()),
                    agreed,
                    "the entries from here to " + (size - 1) + " are not those of " + claim.by() + " (" + claim.size()
                            + " entries): one of them was changed");
        }
        // What stands in the directory agrees with itself after a rewriting too: only others narrow down the place.
        agreed = here.stream().anyMatch(Claim::outside) ? size : agreed;
    }

    private byte[] root() {
        byte[] root = size == 0 ? hash() : new byte[0];
        for (int height = 0; height < 63; height++) {
            if ((size >> height & 1) == 1) {
                root = root.length == 0 ? peaks[height] : hash(new byte[] {1}, peaks[height], root);
            }
        }
        return root;
    }

    private byte[] hash(byte[]... parts) {
        for (byte[] part : parts) {
            sha256.update(part);
        }
        return sha256.digest();
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 18));
    }

    private long purged(Path retention, Key key) throws IOException, Bad, GeneralSecurityException {
        long through = 0;
        for (Note note : Files.exists(retention) ? Notes.notes(retention) : List.<Note>of()) {
            List<String> lines = note.text().lines().toList();
            Notes.require(
                    lines.size() == 4
                            && lines.getFirst().equals(key.name() + "/retention")
                            && lines.get(1).startsWith("purged 0 to "),
                    0,
                    "a retention record is damaged");
            Notes.require(!Notes.signature(note, key).isEmpty(), 0, "a retention record is not signed by the log");
            through = Math.max(through, Notes.number(lines.get(1).substring(12)) + 1);
            report.add("retention: " + String.join(", ", lines.subList(1, 4)) + " (signed)");
        }
        return through;
    }

    private Claim claim(List<Note> notes, int which, Key key, String by, boolean outside)
            throws Bad, GeneralSecurityException {
        Notes.Checkpoint checkpoint = Notes.checkpoint(notes, which, key, by);
        Claim claim = new Claim(checkpoint.size(), checkpoint.root(), by, outside);
        claims.computeIfAbsent(claim.size(), k -> new ArrayList<>()).add(claim);
        return claim;
    }
}
