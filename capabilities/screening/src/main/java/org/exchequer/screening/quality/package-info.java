/** How good the matching is: labelled pairs, mangled and harmless names, measured by tests and by {@code bench}. */
@NullMarked
package org.exchequer.screening.quality;

import org.jspecify.annotations.NullMarked;
