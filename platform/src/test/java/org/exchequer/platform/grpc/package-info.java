/** The gRPC server over real connections. */
@NullMarked
package org.exchequer.platform.grpc;

import org.jspecify.annotations.NullMarked;
