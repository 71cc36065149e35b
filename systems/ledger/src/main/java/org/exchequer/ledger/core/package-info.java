/** Pure decisions of the ledger: books and command in, decision out. No I/O, no clock. */
@NullMarked
package org.exchequer.ledger.core;

import org.jspecify.annotations.NullMarked;
