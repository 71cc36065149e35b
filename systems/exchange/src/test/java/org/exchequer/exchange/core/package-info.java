/** The book and its parts against naive twins of theirs. */
@NullMarked
package org.exchequer.exchange.core;

import org.jspecify.annotations.NullMarked;
