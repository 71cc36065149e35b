/** The ledger under simulation: its real core between simulated clients, writers and a journal. */
@NullMarked
package org.exchequer.lab.sim.ledger;

import org.jspecify.annotations.NullMarked;
