/** Writes what came of a reconciliation: the same bytes for the same lines and rules. */
@NullMarked
package org.exchequer.reconciliation.edge.report;

import org.jspecify.annotations.NullMarked;
