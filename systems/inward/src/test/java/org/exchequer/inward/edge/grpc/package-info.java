@NullMarked
package org.exchequer.inward.edge.grpc;

import org.jspecify.annotations.NullMarked;
