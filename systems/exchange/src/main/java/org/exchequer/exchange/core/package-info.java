/** How orders are matched: no I/O, no clock, no framework. Start with {@link org.exchequer.exchange.core.Book}. */
@NullMarked
package org.exchequer.exchange.core;

import org.jspecify.annotations.NullMarked;
