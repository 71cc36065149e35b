/** Runs, breaks and steps in PostgreSQL. */
@NullMarked
package org.exchequer.reconciliation.store;

import org.jspecify.annotations.NullMarked;
