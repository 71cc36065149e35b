/** Checkers: each reads the evidence of a run and says whether one invariant held, or that it cannot tell. */
@NullMarked
package org.exchequer.lab.check;

import org.jspecify.annotations.NullMarked;
