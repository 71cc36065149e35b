/** A real ledger on a real PostgreSQL, for tests. */
@NullMarked
package org.exchequer.ledger.testing;

import org.jspecify.annotations.NullMarked;
