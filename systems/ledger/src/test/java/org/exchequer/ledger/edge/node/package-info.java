/** Commands handed from node to node over real HTTP. */
@NullMarked
package org.exchequer.ledger.edge.node;

import org.jspecify.annotations.NullMarked;
