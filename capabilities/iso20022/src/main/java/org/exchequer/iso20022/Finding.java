package org.exchequer.iso20022;

/**
 * A rule that a message breaks.
 *
 * @param code of the ISO 20022 external status reasons, e.g. {@code AC01}; {@code CH16} (content), {@code CH17}
 *     (element not allowed here) and {@code CH21} (mandatory element missing) where none is more exact
 * @param path of the element or field, e.g. {@code /Document/FIToFICstmrCdtTrf/CdtTrfTxInf/IntrBkSttlmAmt}
 * @param text the rule in words; never the value, which may be personal
 */
public record Finding(String code, String path, String text) {}
