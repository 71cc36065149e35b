package org.exchequer.prooflog;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The nodes of a tree whose hashes come as tiles. Keeps the tiles it has read; made anew for each question. */
final class TileNodes implements MerkleTree.Nodes {
    /** Where tiles come from. */
    @FunctionalInterface
    interface Tiles {
        /** {@code width} hashes, end to end. */
        byte[] tile(int level, long index, int width) throws IOException;
    }

    private record Place(int level, long index) {}

    private final Tiles tiles;
    private final long size;
    private final Map<Place, byte[]> read = new HashMap<>();

    TileNodes(Tiles tiles, long size) {
        this.tiles = tiles;
        this.size = size;
    }

    @Override
    public byte[] node(int height, long index) throws IOException {
        int level = height / TilePath.HEIGHT;
        int inTile = height % TilePath.HEIGHT;
        long first = index << inTile;
        byte[] tile = tile(level, first / TilePath.FULL);
        int from = (int) (first % TilePath.FULL);
        return fold(tile, from, from + (1 << inTile));
    }

    private static byte[] fold(byte[] tile, int from, int to) {
        if (to - from == 1) {
            return Arrays.copyOfRange(tile, from * MerkleTree.HASH_BYTES, to * MerkleTree.HASH_BYTES);
        }
        int middle = (from + to) / 2;
        return MerkleTree.nodeHash(fold(tile, from, middle), fold(tile, middle, to));
    }

    private byte[] tile(int level, long index) throws IOException {
        Place place = new Place(level, index);
        byte[] known = read.get(place);
        if (known == null) {
            int width = TilePath.widthAt(level, index, size);
            known = tiles.tile(level, index, width);
            if (known.length != width * MerkleTree.HASH_BYTES) {
                throw new IOException(new TilePath(level, index, width).path() + " has " + known.length + " bytes");
            }
            read.put(place, known);
        }
        return known;
    }
}
