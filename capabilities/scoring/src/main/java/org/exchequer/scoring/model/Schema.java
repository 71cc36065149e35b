package org.exchequer.scoring.model;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The features of a vector, in order. A model carries the schema it was trained on and refuses vectors of another:
 * two lists of equal length in another order would otherwise score without any error, and wrongly.
 */
public final class Schema {
    /** More features than any model here is meant for; bounds memory when a file is read. */
    public static final int MOST_FEATURES = 1_024;

    private static final int MOST_NAME_CHARACTERS = 80;

    private final String version;
    private final List<String> names;
    private final Map<String, Integer> places;
    private final String hash;

    private Schema(String version, List<String> names) {
        this.version = version;
        this.names = List.copyOf(names);
        this.places = HashMap.newHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!name.matches("[a-z][a-z0-9_.]*") || name.length() > MOST_NAME_CHARACTERS) {
                throw new IllegalArgumentException("feature name \"" + name + "\": must be at most "
                        + MOST_NAME_CHARACTERS + " lower-case letters, digits, '_' or '.', a letter first");
            }
            if (places.put(name, i) != null) {
                throw new IllegalArgumentException("feature name \"" + name + "\": must be there once only");
            }
        }
        String text = version + '\n' + String.join("\n", names) + '\n';
        this.hash = HexFormat.of().formatHex(Sha256.of(text), 0, 8);
    }

    /**
     * @param version for people, e.g. {@code payments-3}
     * @param names 1 to {@value #MOST_FEATURES}, distinct
     * @throws IllegalArgumentException naming the feature and the rule
     */
    public static Schema of(String version, List<String> names) {
        if (version.isBlank() || version.length() > MOST_NAME_CHARACTERS || version.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("schema version: must be 1 to " + MOST_NAME_CHARACTERS + " characters");
        }
        if (names.isEmpty() || names.size() > MOST_FEATURES) {
            throw new IllegalArgumentException("schema " + version + ": must have 1 to " + MOST_FEATURES + " features");
        }
        return new Schema(version, names);
    }

    public String version() {
        return version;
    }

    public List<String> names() {
        return names;
    }

    public int size() {
        return names.size();
    }

    public String name(int place) {
        return names.get(place);
    }

    /**
     * Where a feature stands.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public int place(String name) {
        Integer place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("feature \"" + name + "\": is not in schema " + version);
        }
        return place;
    }

    public boolean has(String name) {
        return places.containsKey(name);
    }

    /** The first 64 bits of SHA-256 over version and names, each followed by a line feed, in hexadecimal. */
    public String hash() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Schema schema && schema.version.equals(version) && schema.names.equals(names);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return version + "#" + hash;
    }
}
