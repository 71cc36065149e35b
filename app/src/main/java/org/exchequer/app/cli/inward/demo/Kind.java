package org.exchequer.app.cli.inward.demo;

/** What a message of the demo is for. */
enum Kind {
    TRANSFER("transfers", 58, true),
    DEBIT("direct debits", 10, true),
    REVERSAL("reversals", 6, true),
    CANCELLATION("cancellations", 6, true),
    DUPLICATE("exact duplicates", 6, true),
    MALFORMED("malformed", 4, false),
    AGAINST_RULE("against a rule", 6, false),
    LISTED("listed names", 2, false),
    UNREADABLE("unreadable", 2, false);

    private final String label;
    private final int share;
    private final boolean acceptable;

    Kind(String label, int share, boolean acceptable) {
        this.label = label;
        this.share = share;
        this.acceptable = acceptable;
    }

    String label() {
        return label;
    }

    /** How many of a hundred are of this kind. */
    int share() {
        return share;
    }

    /** Whether one may be accepted. */
    boolean acceptable() {
        return acceptable;
    }
}
