/** Reads external statements: CSV, ISO 20022 camt.053, SWIFT MT940. */
@NullMarked
package org.exchequer.reconciliation.edge.statement;

import org.jspecify.annotations.NullMarked;
