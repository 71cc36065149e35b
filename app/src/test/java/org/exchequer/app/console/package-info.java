/** The web console in a real browser, on the real ledger. */
@NullMarked
package org.exchequer.app.console;

import org.jspecify.annotations.NullMarked;
