package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.platform.infra.SmallFiles;

/** What a data directory keeps beside its logs: the key of each, so that one that was removed is missed. */
public final class Receipts {
    private static final String FOLDER = "prooflog";
    private static final String ENDING = ".vkey";
    private static final Pattern OF_PART = Pattern.compile("(s[0-9]+)-(.+)");

    private Receipts() {}

    /** Where the log of this name is in a data directory. */
    static Path folder(Path data, String name) {
        return data.resolve(FOLDER).resolve(name);
    }

    /** Where its key is kept as well. */
    static Path of(Path data, String name) {
        return data.resolve(FOLDER + "-" + name + ENDING);
    }

    /** The folder of each log that there must be in a data directory, and its key. */
    public static Map<Path, String> in(Path data) throws IOException {
        return in(data, Path.of(""));
    }

    /**
     * The same, those in parts of it included.
     *
     * @param parts the folder in it that the parts are in, e.g. {@code shards}
     */
    public static Map<Path, String> in(Path data, Path parts) throws IOException {
        Map<Path, String> receipts = new TreeMap<>();
        if (!Files.isDirectory(data)) {
            return receipts;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data, FOLDER + "-*" + ENDING)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                name = name.substring(FOLDER.length() + 1, name.length() - ENDING.length());
                Matcher part = OF_PART.matcher(name);
                Path folder = part.matches() && !parts.toString().isEmpty()
                        ? folder(data.resolve(parts).resolve(part.group(1)), part.group(2))
                        : folder(data, name);
                receipts.put(folder, Files.readString(file).strip());
            }
        }
        return receipts;
    }

    /** Refuses to begin anew, under another key, what was removed. */
    static void require(Path receipt, Path folder) {
        Optional<String> kept = SmallFiles.read(receipt).map(String::strip);
        if (kept.isEmpty()) {
            return;
        }
        String key = SmallFiles.read(folder.resolve("log.vkey")).orElse("").strip();
        if (!key.equals(kept.get()) || !Files.exists(folder.resolve(ProofLog.CHECKPOINT))) {
            throw new ProofLogException("the log with the key " + kept.get() + " is gone from " + folder
                    + ": bring it back, or remove " + receipt + " to begin another");
        }
    }
}
