package org.exchequer.reconciliation.api;

/** A file is not the statement it should be. The message names the place, the field and the rule. */
public final class BadStatementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;

    /**
     * @param place e.g. {@code line 2}
     * @param field at fault, as the format names it
     * @param rule that it breaks
     */
    public BadStatementException(String place, String field, String rule) {
        super(place + ": " + field + " " + rule);
        this.field = field;
        this.rule = rule;
    }

    /** The rule that it breaks, e.g. {@code must be a decimal number}. */
    public String rule() {
        return rule;
    }

    /** The field at fault, as the format names it, e.g. {@code Ntry/Amt} or {@code :61:}. */
    public String field() {
        return field;
    }
}
