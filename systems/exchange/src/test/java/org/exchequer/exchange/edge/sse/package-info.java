/** Tapes, made up ones and a real one. */
@NullMarked
package org.exchequer.exchange.edge.sse;

import org.jspecify.annotations.NullMarked;
