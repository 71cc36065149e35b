/** The ledger's SQL: journal, writer's epoch, recovery, projections, queries. */
@NullMarked
package org.exchequer.ledger.store;

import org.jspecify.annotations.NullMarked;
