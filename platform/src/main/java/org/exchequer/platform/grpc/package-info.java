/** The gRPC server beside the web server: the same tokens, roles, TLS and limits for services of plain objects. */
@NullMarked
package org.exchequer.platform.grpc;

import org.jspecify.annotations.NullMarked;
