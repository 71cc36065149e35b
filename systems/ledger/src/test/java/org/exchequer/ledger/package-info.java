/** The ledger module on a real PostgreSQL. */
@NullMarked
package org.exchequer.ledger;

import org.jspecify.annotations.NullMarked;
