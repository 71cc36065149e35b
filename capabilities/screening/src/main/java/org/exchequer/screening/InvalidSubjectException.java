package org.exchequer.screening;

/** A subject that cannot be screened as it is: names the field and the rule, never the value. */
public final class InvalidSubjectException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;

    public InvalidSubjectException(String field, String rule) {
        super(field + ": " + rule);
        this.field = field;
        this.rule = rule;
    }

    public String field() {
        return field;
    }

    public String rule() {
        return rule;
    }
}
