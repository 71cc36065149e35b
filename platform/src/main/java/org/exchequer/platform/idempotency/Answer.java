package org.exchequer.platform.idempotency;

/**
 * An answer as it was sent, to be sent again byte for byte.
 *
 * @param status HTTP status, e.g. 201
 * @param contentType e.g. {@code application/json}
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Answer(int status, String contentType, byte[] body) {}
