package org.exchequer.prooflog;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.exchequer.prooflog.verify.Verifier;

/** What the tests of the log have in common. */
final class Scratch {
    static final String ORIGIN = "test.example/log";

    private Scratch() {}

    static ProofLog open(Path folder) {
        return ProofLog.open(ProofLog.Settings.of(folder, ORIGIN));
    }

    /** An entry of 0 to 600 bytes that only its position decides. */
    static byte[] entry(long position) {
        Random random = new Random(position);
        byte[] entry = new byte[random.nextInt(600)];
        random.nextBytes(entry);
        return entry;
    }

    static void append(ProofLog log, long from, long to) {
        for (long position = from; position < to; position++) {
            log.append(position, entry(position));
        }
        log.commit();
    }

    /** The directory with this many entries, closed. */
    static Path closed(Path folder, long size) {
        try (ProofLog log = open(folder)) {
            append(log, 0, size);
        }
        return folder;
    }

    static NaiveTree naive(int size) {
        return new NaiveTree(
                Stream.iterate(0, i -> i + 1).limit(size).map(Scratch::entry).toList());
    }

    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList().reversed()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What the auditor's verifier says. */
    record Verdict(int code, String text) {}

    static Verdict verify(Object... arguments) {
        StringWriter text = new StringWriter();
        int code = Verifier.run(Stream.of(arguments).map(String::valueOf).toList(), new PrintWriter(text));
        return new Verdict(code, text.toString());
    }

    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
