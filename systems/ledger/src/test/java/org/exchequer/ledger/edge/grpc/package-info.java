/** The gRPC door, its client, and commands handed from node to node, over real connections. */
@NullMarked
package org.exchequer.ledger.edge.grpc;

import org.jspecify.annotations.NullMarked;
