/** Idempotency keys for systems that are not the ledger (which keeps its own in the journal). */
@NullMarked
package org.exchequer.platform.idempotency;

import org.jspecify.annotations.NullMarked;
