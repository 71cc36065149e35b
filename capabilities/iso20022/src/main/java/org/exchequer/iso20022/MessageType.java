package org.exchequer.iso20022;

import java.util.Optional;

/** The messages that are read. What stands in the versions' parts that are read here, {@code Grammar} says. */
public enum MessageType {
    /** A customer credit transfer between institutions; versions 02 to 12. */
    PACS_008("pacs.008", "FIToFICstmrCdtTrf", 2, 12),
    /** A customer direct debit between institutions; versions 02 to 11. */
    PACS_003("pacs.003", "FIToFICstmrDrctDbt", 2, 11),
    /** A payment reversal; versions 02 to 13. */
    PACS_007("pacs.007", "FIToFIPmtRvsl", 2, 13),
    /** A request to cancel a payment; versions 01 to 11. */
    CAMT_056("camt.056", "FIToFIPmtCxlReq", 1, 11);

    /** What stands before {@code pacs.008.001.08} in a namespace. */
    public static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:";

    private final String id;
    private final String element;
    private final int oldest;
    private final int newest;

    MessageType(String id, String element, int oldest, int newest) {
        this.id = id;
        this.element = element;
        this.oldest = oldest;
        this.newest = newest;
    }

    /** Business area and functionality, e.g. {@code pacs.008}. */
    public String id() {
        return id;
    }

    /** The element inside {@code Document}, e.g. {@code FIToFICstmrCdtTrf}. */
    String element() {
        return element;
    }

    int newest() {
        return newest;
    }

    /** The full message definition identifier, e.g. {@code pacs.008.001.08}. */
    public String version(int number) {
        return id + (number < 10 ? ".001.0" : ".001.") + number;
    }

    /** The type of a message definition identifier such as {@code pacs.008.001.08}, when that version is read. */
    public static Optional<MessageType> of(String definition) {
        for (MessageType type : values()) {
            if (definition.length() == type.id.length() + 7
                    && definition.startsWith(type.id)
                    && definition.startsWith(".001.", type.id.length())) {
                int number = number(definition);
                if (number >= type.oldest && number <= type.newest) {
                    return Optional.of(type);
                }
            }
        }
        return Optional.empty();
    }

    /** The version's number, or -1: {@code 8} of {@code pacs.008.001.08}. */
    static int number(String definition) {
        int tens = Character.digit(definition.charAt(definition.length() - 2), 10);
        int ones = Character.digit(definition.charAt(definition.length() - 1), 10);
        return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
    }
}
