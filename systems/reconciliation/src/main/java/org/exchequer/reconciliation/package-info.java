/** Batch reconciliation: accounts of the ledger against external statements, and what becomes of the breaks. */
@NullMarked
package org.exchequer.reconciliation;

import org.jspecify.annotations.NullMarked;
