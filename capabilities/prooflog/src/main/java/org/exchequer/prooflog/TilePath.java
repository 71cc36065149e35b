package org.exchequer.prooflog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a tile: {@code tile/0/x001/234.p/17}, {@code tile/entries/005} (C2SP tlog-tiles).
 *
 * @param level of hashes, 0 to 63; {@link #ENTRIES} for entry bundles
 * @param index of the tile within its level
 * @param width how many hashes or entries, 1 to 256; less than 256 in partial tiles
 */
public record TilePath(int level, long index, int width) {
    /** Levels of the tree that one tile spans. */
    public static final int HEIGHT = 8;

    /** Hashes or entries in a full tile. */
    public static final int FULL = 1 << HEIGHT;

    /** The level of entry bundles. */
    public static final int ENTRIES = -1;

    private static final int DIGITS = 1_000;
    private static final Pattern FORMAT = Pattern.compile(
            "tile/(entries|0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public TilePath {
        if (level < ENTRIES || level >= Long.SIZE || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException("no such tile: " + level + "/" + index + "/" + width);
        }
    }

    /** The address in a path without leading slash; empty when it is none, or not in its only form. */
    public static Optional<TilePath> parse(String path) {
        Matcher matcher = FORMAT.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String partial = matcher.group(3);
        int width = partial == null ? FULL : Integer.parseInt(partial);
        if (partial != null && width >= FULL) {
            return Optional.empty();
        }
        int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
        long index = Long.parseLong(matcher.group(2).replace("x", "").replace("/", ""));
        TilePath parsed = new TilePath(level, index, width);
        return parsed.path().equals(path) ? Optional.of(parsed) : Optional.empty();
    }

    /** The path, without leading slash. */
    public String path() {
        StringBuilder number = new StringBuilder(String.format("%03d", index % DIGITS));
        for (long rest = index / DIGITS; rest > 0; rest /= DIGITS) {
            number.insert(0, String.format("x%03d/", rest % DIGITS));
        }
        return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + number + (width == FULL ? "" : ".p/" + width);
    }

    /** How wide the tile is in a tree of this size; 0 when it is not there. */
    static int widthAt(int level, long index, long treeSize) {
        long there = treeSize >> (HEIGHT * Math.max(level, 0));
        return (int) Math.max(0, Math.min(FULL, there - index * FULL));
    }
}
