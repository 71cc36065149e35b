/** Inward clearing simulated in time that only the program moves: what models of breaches learn from. */
@NullMarked
package org.exchequer.inward.breach.sim;

import org.jspecify.annotations.NullMarked;
