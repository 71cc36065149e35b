/** How alike two names are, and why: pure functions from names and token weights to points. */
@NullMarked
package org.exchequer.screening.match;

import org.jspecify.annotations.NullMarked;
