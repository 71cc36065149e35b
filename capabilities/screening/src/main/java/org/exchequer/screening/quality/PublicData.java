package org.exchequer.screening.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.exchequer.screening.SanctionsList;
import org.exchequer.screening.list.OfacReader;
import org.exchequer.screening.list.UnReader;

/** The public lists of the folder of conformance data, for tests and benchmarks. */
public final class PublicData {
    private PublicData() {}

    /** OFAC's SDN and consolidated lists and the UN's, in this order. */
    public static List<SanctionsList> lists(Path data) throws IOException {
        Path folder = data.resolve("sanctions");
        return List.of(
                OfacReader.read(
                        "OFAC-SDN",
                        null,
                        Files.readAllBytes(folder.resolve("ofac_sdn_2021-07.csv")),
                        Files.readAllBytes(folder.resolve("ofac_alt_2021-07.csv")),
                        Files.readAllBytes(folder.resolve("ofac_add_2021-07.csv"))),
                OfacReader.read(
                        "OFAC-CONS",
                        null,
                        Files.readAllBytes(folder.resolve("ofac_nonsdn_cons_prim_2025-12.csv")),
                        Files.readAllBytes(folder.resolve("ofac_nonsdn_cons_alt_2025-12.csv")),
                        Files.readAllBytes(folder.resolve("ofac_nonsdn_cons_add_2025-12.csv"))),
                UnReader.read("UN", Files.readAllBytes(folder.resolve("UN_consolidated_2026-02-27.xml"))));
    }
}
