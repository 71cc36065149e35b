package org.exchequer.screening;

/** As lists and customer files give it; {@code UNKNOWN} speaks neither for nor against anything. */
public enum Gender {
    FEMALE,
    MALE,
    UNKNOWN
}
