package org.exchequer.screening;

/** What kind of party a list names, or a caller asks about. */
public enum PartyType {
    PERSON,
    /** A company, a body, a group: whatever is not one of the others. */
    ENTITY,
    VESSEL,
    AIRCRAFT,
    /** Only of a {@link Subject}: nothing is known, so nothing speaks against any kind. */
    UNKNOWN
}
