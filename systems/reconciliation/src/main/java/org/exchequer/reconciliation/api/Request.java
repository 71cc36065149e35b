package org.exchequer.reconciliation.api;

import org.exchequer.ledger.api.FieldError;

/**
 * Who asks for something, under a key: the same key of the same person with the same contents gets the first answer.
 *
 * @param by name of the caller, 1 to 100 characters
 * @param key idempotency key, 1 to 128 printable ASCII characters
 * @param contents SHA-256 of what makes two requests the same, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Request(String by, String key, byte[] contents) {
    /** @throws FieldError naming the field that breaks a rule above */
    public Request {
        if (by.isBlank() || by.length() > 100) {
            throw new FieldError("by", "must have 1 to 100 characters");
        }
        if (key.isEmpty() || key.length() > 128 || !key.chars().allMatch(c -> c >= 0x21 && c <= 0x7e)) {
            throw new FieldError(
                    "Idempotency-Key", "must have 1 to 128 characters, printable ASCII only, without spaces");
        }
    }
}
