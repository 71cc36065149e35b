/** Between nodes of one ledger: a process that is not the writer hands its commands to the one that is. */
@NullMarked
package org.exchequer.ledger.edge.node;

import org.jspecify.annotations.NullMarked;
