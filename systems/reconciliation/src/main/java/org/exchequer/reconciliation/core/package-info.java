/** Finds which lines of two accounts of the same money belong together, and says what does not. */
@NullMarked
package org.exchequer.reconciliation.core;

import org.jspecify.annotations.NullMarked;
