/** Inward clearing as others see it: payments, where they stand, and what became of them. */
@NullMarked
package org.exchequer.inward.api;

import org.jspecify.annotations.NullMarked;
