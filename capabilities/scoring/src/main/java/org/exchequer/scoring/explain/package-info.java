/** Why a payment was decided as it was, what would have changed it, what it is like, and how to show that it was so. */
@NullMarked
package org.exchequer.scoring.explain;

import org.jspecify.annotations.NullMarked;
