package org.exchequer.screening.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.exchequer.screening.SanctionsList;

/**
 * The lists of a folder, each known by its file's name:
 *
 * <ul>
 *   <li>{@code sdn.csv}, {@code alt.csv} and {@code add.csv}: OFAC's SDN list, as published;
 *   <li>{@code cons_prim.csv}, {@code cons_alt.csv} and {@code cons_add.csv}: OFAC's consolidated list;
 *   <li>any {@code .xml}: the UN's form, named like its file;
 *   <li>any other {@code .csv}: the plain form of {@link NeutralReader}, named like its file.
 * </ul>
 *
 * Other files are left alone. Lists without a date of publication carry that of their file.
 */
public final class ListFolder {
    private static final long MOST_BYTES = 256L << 20;

    private ListFolder() {}

    /**
     * Reads all, in the order of their names.
     *
     * @throws ListFormatException for a list that cannot be read whole
     * @throws IOException when a file is missing beside its primary one, or larger than 256 MB
     */
    public static List<SanctionsList> read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        List<SanctionsList> lists = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            switch (name) {
                case "sdn.csv" -> lists.add(ofac("OFAC SDN", file, "alt.csv", "add.csv"));
                case "cons_prim.csv" -> lists.add(ofac("OFAC consolidated", file, "cons_alt.csv", "cons_add.csv"));
                case "alt.csv", "add.csv", "cons_alt.csv", "cons_add.csv" -> {
                    // Read with its primary file.
                }
                default -> {
                    if (name.endsWith(".xml")) {
                        lists.add(UnReader.read(stem(file), bytes(file)));
                    } else if (name.endsWith(".csv")) {
                        lists.add(NeutralReader.read(stem(file), dated(file), bytes(file)));
                    }
                }
            }
        }
        return lists;
    }

    private static SanctionsList ofac(String source, Path primary, String aliases, String addresses)
            throws IOException {
        return OfacReader.read(
                source,
                dated(primary),
                bytes(primary),
                bytes(primary.resolveSibling(aliases)),
                bytes(primary.resolveSibling(addresses)));
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static LocalDate dated(Path file) throws IOException {
        return LocalDate.ofInstant(Files.getLastModifiedTime(file).toInstant(), ZoneOffset.UTC);
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file.getFileName() + " is missing beside the list that it belongs to");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file.getFileName() + " must not be larger than 256 MB");
        }
        return Files.readAllBytes(file);
    }
}
