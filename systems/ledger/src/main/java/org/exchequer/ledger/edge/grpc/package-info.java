/** The ledger over gRPC: the door for volume, the client for other processes, and the way from node to node. */
@NullMarked
package org.exchequer.ledger.edge.grpc;

import org.jspecify.annotations.NullMarked;
