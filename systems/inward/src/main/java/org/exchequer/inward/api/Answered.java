package org.exchequer.inward.api;

import java.util.UUID;

/**
 * What is said to a message.
 *
 * @param payment that it became, or was before
 * @param message a pacs.002 or camt.029 in XML: the same bytes for everybody who sends the same
 * @param status {@code ACCC}, {@code ACSC}, {@code RJCT}, or {@code PDNG} while the outcome is being found out
 * @param repeated whether the message was here before
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Answered(UUID payment, byte[] message, String status, boolean repeated) {}
