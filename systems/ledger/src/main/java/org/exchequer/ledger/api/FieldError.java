package org.exchequer.ledger.api;

/** A command could not be formed: one of its fields breaks a rule. Nothing was sent to the ledger. */
public final class FieldError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;

    public FieldError(String field, String rule) {
        super(rule);
        this.field = field;
    }

    /** The field, e.g. {@code legs[2].amount}. The message is the rule it breaks. */
    public String field() {
        return field;
    }
}
