package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The vectors of transparency-dev/merkle, good and malformed, where they are at hand ({@code
 * EXCHEQUER_CONFORMANCE_DATA}).
 */
class MerkleVectorsTest {
    private static Path folder(String name) {
        Path data = Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("exchequer.home", ".")).resolve("../shared/data"));
        return data.resolve("merkle/testdata").resolve(name);
    }

    @ParameterizedTest
    @CsvSource({"inclusion, 98", "consistency, 98", "subtreeinclusion, 204", "subtreeconsistency, 118"})
    void every_vector_has_its_answer(String kind, int atLeast) throws IOException {
        Path folder = folder(kind);
        assumeTrue(Files.isDirectory(folder), () -> "skipped: the vectors are not at " + folder);
        List<Path> vectors;
        try (Stream<Path> files = Files.walk(folder)) {
            vectors = files.filter(file -> file.toString().endsWith(".json")).toList();
        }
        assertThat(vectors).hasSizeGreaterThanOrEqualTo(atLeast);
        List<String> wrong = new ArrayList<>();
        for (Path vector : vectors) {
            JsonNode json = JsonMapper.shared().readTree(vector.toFile());
            boolean holds = switch (kind) {
                case "inclusion" -> inclusion(json);
                case "consistency" -> consistency(json);
                case "subtreeinclusion" -> subtreeInclusion(json);
                default -> subtreeConsistency(json);
            };
            if (holds == json.get("wantErr").asBoolean()) {
                wrong.add(folder.relativize(vector) + " " + json.get("desc").asString() + ": " + holds);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean inclusion(JsonNode json) {
        return MerkleTree.verifyInclusion(
                number(json, "leafIdx"),
                number(json, "treeSize"),
                bytes(json.get("leafHash")),
                proof(json),
                bytes(json.get("root")));
    }

    private static boolean subtreeInclusion(JsonNode json) {
        return MerkleTree.verifySubtreeInclusion(
                number(json, "leafIdx"),
                number(json, "start"),
                number(json, "end"),
                bytes(json.get("leafHash")),
                proof(json),
                bytes(json.get("root")));
    }

    private static boolean consistency(JsonNode json) {
        return MerkleTree.verifyConsistency(
                number(json, "size1"),
                number(json, "size2"),
                bytes(json.get("root1")),
                bytes(json.get("root2")),
                proof(json));
    }

    private static boolean subtreeConsistency(JsonNode json) {
        return MerkleTree.verifySubtreeConsistency(
                number(json, "start"),
                number(json, "end"),
                number(json, "size"),
                bytes(json.get("root1")),
                bytes(json.get("root2")),
                proof(json));
    }

    /** Sizes are unsigned in the vectors; one that is none of ours is negative here, and refused as that. */
    private static long number(JsonNode json, String name) {
        BigInteger number = json.get(name).bigIntegerValue();
        return number.longValue();
    }

    private static byte[] bytes(JsonNode node) {
        return java.util.Base64.getDecoder().decode(node.asString());
    }

    private static List<byte[]> proof(JsonNode json) {
        List<byte[]> proof = new ArrayList<>();
        json.get("proof").forEach(hash -> proof.add(bytes(hash)));
        return proof;
    }
}
