package org.exchequer.prooflog;

import java.time.Duration;

/**
 * How long entries are kept. Hashes are kept for ever, so that what remains stays provable.
 *
 * @param name what the signed retention record calls it; one line
 * @param archiveAfter age of a full segment's newest entry at which it moves to the archive
 * @param purgeAfter age at which an archived segment is deleted
 */
public record RetentionPolicy(String name, Duration archiveAfter, Duration purgeAfter) {
    private static final int MOST_CHARS = 200;

    public RetentionPolicy {
        if (name.isBlank() || name.length() > MOST_CHARS || name.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("a policy's name is one line of 1 to " + MOST_CHARS + " characters");
        }
        if (archiveAfter.isNegative() || purgeAfter.compareTo(archiveAfter) < 0) {
            throw new IllegalArgumentException("archived after " + archiveAfter + ", purged after " + purgeAfter
                    + ": the first must not be negative, nor the second be shorter");
        }
    }
}
