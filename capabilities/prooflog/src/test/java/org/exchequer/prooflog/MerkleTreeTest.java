package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree against its naive twin. */
class MerkleTreeTest {
    private static final int SMALL = 300;

    /** Tiles in memory, as a {@link Frontier} gives them out. */
    private static final class Memory implements TileNodes.Tiles {
        private final List<List<byte[]>> levels = new ArrayList<>();

        void add(int level, long index, byte[] hash) {
            while (levels.size() <= level) {
                levels.add(new ArrayList<>());
            }
            assertThat(index).isEqualTo(levels.get(level).size());
            levels.get(level).add(hash);
        }

        @Override
        public byte[] tile(int level, long index, int width) {
            byte[] tile = new byte[width * MerkleTree.HASH_BYTES];
            for (int i = 0; i < width; i++) {
                byte[] hash = levels.get(level).get((int) index * TilePath.FULL + i);
                System.arraycopy(hash, 0, tile, i * MerkleTree.HASH_BYTES, MerkleTree.HASH_BYTES);
            }
            return tile;
        }
    }

    private static Memory tiles(int size) throws IOException {
        Memory tiles = new Memory();
        Frontier frontier = new Frontier();
        for (int i = 0; i < size; i++) {
            frontier.push(MerkleTree.leafHash(NaiveTree.entry(i)), tiles::add);
        }
        return tiles;
    }

    @Test
    void the_empty_tree_has_the_hash_of_nothing() {
        assertThat(HexFormat.of().formatHex(MerkleTree.emptyRoot()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(new Frontier().root()).isEqualTo(MerkleTree.emptyRoot());
    }

    @Test
    void roots_and_inclusion_proofs_are_those_of_the_definition() throws IOException {
        NaiveTree naive = NaiveTree.of(SMALL);
        Memory tiles = tiles(SMALL);
        Frontier frontier = new Frontier();
        for (int size = 0; size <= SMALL; size++) {
            TileNodes nodes = new TileNodes(tiles, size);
            byte[] root = naive.root(size);
            assertThat(MerkleTree.root(nodes, size)).isEqualTo(root);
            assertThat(frontier.root()).isEqualTo(root);
            assertThat(Frontier.of(nodes, size).root()).isEqualTo(root);
            for (int i = 0; i < size; i++) {
                byte[] leaf = MerkleTree.leafHash(NaiveTree.entry(i));
                List<byte[]> proof = MerkleTree.inclusionProof(nodes, i, size);
                assertThat(proof).containsExactlyElementsOf(naive.path(i, size));
                assertThat(MerkleTree.verifyInclusion(i, size, leaf, proof, root))
                        .isTrue();
                assertThat(MerkleTree.verifyInclusion(i ^ 1, size, leaf, proof, root))
                        .isFalse();
            }
            frontier.push(MerkleTree.leafHash(NaiveTree.entry(size)), (level, index, hash) -> {});
        }
    }

    @Test
    void consistency_proofs_are_those_of_the_definition() throws IOException {
        NaiveTree naive = NaiveTree.of(SMALL);
        Memory tiles = tiles(SMALL);
        for (int size = 1; size <= SMALL; size++) {
            TileNodes nodes = new TileNodes(tiles, size);
            for (int old = 1; old <= size; old++) {
                List<byte[]> proof = MerkleTree.consistencyProof(nodes, old, size);
                assertThat(proof).containsExactlyElementsOf(naive.proof(old, size));
                assertThat(MerkleTree.verifyConsistency(old, size, naive.root(old), naive.root(size), proof))
                        .isTrue();
                if (old < size) {
                    assertThat(MerkleTree.verifyConsistency(old, size, naive.root(old + 1), naive.root(size), proof))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void subtrees_are_found_in_every_tree_around_them() {
        int most = 70;
        NaiveTree naive = NaiveTree.of(most);
        for (int size = 1; size <= most; size++) {
            for (int start = 0; start < size; start++) {
                for (int end = start + 1; end <= size; end++) {
                    int power = Integer.highestOneBit(Math.max(1, 2 * (end - start) - 1));
                    List<byte[]> proof = start % power == 0 ? naive.subtreeProof(start, end, size) : List.of();
                    assertThat(MerkleTree.verifySubtreeConsistency(
                                    start, end, size, naive.mth(start, end), naive.root(size), proof))
                            .as("%d to %d of %d", start, end, size)
                            .isEqualTo(start % power == 0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 65_535, 65_536, 65_537, 100_003})
    void larger_trees_agree_too(int size) throws IOException {
        Random random = new Random(size);
        NaiveTree naive = NaiveTree.of(size);
        TileNodes nodes = new TileNodes(tiles(size), size);
        byte[] root = naive.root(size);
        assertThat(MerkleTree.root(nodes, size)).isEqualTo(root);
        for (int i = 0; i < 50; i++) {
            int index = random.nextInt(size);
            assertThat(MerkleTree.inclusionProof(nodes, index, size))
                    .containsExactlyElementsOf(naive.path(index, size));
            List<byte[]> proof = MerkleTree.consistencyProof(nodes, index + 1, size);
            assertThat(proof).containsExactlyElementsOf(naive.proof(index + 1, size));
            assertThat(MerkleTree.verifyConsistency(index + 1, size, naive.root(index + 1), root, proof))
                    .isTrue();
        }
    }

    @Test
    void a_proof_that_was_touched_does_not_hold() throws IOException {
        Random random = new Random(7);
        NaiveTree naive = NaiveTree.of(SMALL);
        TileNodes nodes = new TileNodes(tiles(SMALL), SMALL);
        byte[] root = naive.root(SMALL);
        for (int i = 0; i < SMALL - 1; i++) {
            byte[] leaf = MerkleTree.leafHash(NaiveTree.entry(i));
            List<byte[]> inclusion = touched(MerkleTree.inclusionProof(nodes, i, SMALL), random);
            assertThat(MerkleTree.verifyInclusion(i, SMALL, leaf, inclusion, root))
                    .isFalse();
            List<byte[]> consistency = touched(MerkleTree.consistencyProof(nodes, i + 1, SMALL), random);
            assertThat(MerkleTree.verifyConsistency(i + 1, SMALL, naive.root(i + 1), root, consistency))
                    .isFalse();
        }
    }

    private static List<byte[]> touched(List<byte[]> proof, Random random) {
        List<byte[]> touched = new ArrayList<>(proof);
        int at = random.nextInt(proof.size());
        switch (random.nextInt(4)) {
            case 0 -> touched.remove(at);
            case 1 -> touched.add(at, proof.get(at));
            case 2 -> touched.set(at, new byte[MerkleTree.HASH_BYTES - 1]);
            default -> {
                byte[] flipped = proof.get(at).clone();
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                touched.set(at, flipped);
            }
        }
        return touched;
    }

    @Test
    void there_is_no_proof_of_what_is_not_there() throws IOException {
        TileNodes nodes = new TileNodes(tiles(5), 5);
        assertThatThrownBy(() -> MerkleTree.inclusionProof(nodes, 5, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> MerkleTree.inclusionProof(nodes, -1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> MerkleTree.consistencyProof(nodes, 0, 5))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> MerkleTree.consistencyProof(nodes, 6, 5))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
