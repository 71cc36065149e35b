package org.exchequer.platform.module;

import java.util.Locale;

/** Who a caller is to the program. A token carries roles by their lower-case names; each role includes nothing else. */
public enum Role {
    /** Posts and reads: front office and other systems. */
    TELLER,
    /** Opens accounts, freezes and tightens them, reverses, imports. */
    OPERATOR,
    /** Decides what others proposed: corrections, limits, reopenings; closes days. Posts nothing. */
    CONTROLLER,
    /** Reads everything, changes nothing. */
    AUDITOR,
    /** Everything, and the program itself. */
    ADMIN;

    /** As it stands in tokens and on the command line. */
    public String claim() {
        return name().toLowerCase(Locale.ROOT);
    }
}
