/** {@code exchequer ledger …}: a client of the ledger's REST door, with no server parts in its process. */
@NullMarked
package org.exchequer.app.cli.ledger;

import org.jspecify.annotations.NullMarked;
