/** What the Shanghai Stock Exchange published of a day, and how our book fares with it. */
@NullMarked
package org.exchequer.exchange.edge.sse;

import org.jspecify.annotations.NullMarked;
