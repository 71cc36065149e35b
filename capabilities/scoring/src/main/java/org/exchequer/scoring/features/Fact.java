package org.exchequer.scoring.features;

/** What moves the features: a payment, or a score that an earlier payment was given. Order of arrival counts. */
public sealed interface Fact permits Event, Score {
    /** Latest time that is taken: the end of the year 9999, in milliseconds since 1970-01-01T00:00Z. */
    long LAST_MILLIS = 253_402_300_799_999L;

    /** When it happened, by its sender, in milliseconds since 1970-01-01T00:00Z. */
    long timeMillis();
}
