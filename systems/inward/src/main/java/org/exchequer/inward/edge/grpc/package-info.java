/** The gRPC door of inward clearing. */
@NullMarked
package org.exchequer.inward.edge.grpc;

import org.jspecify.annotations.NullMarked;
