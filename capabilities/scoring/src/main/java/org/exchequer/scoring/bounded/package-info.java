/** State by key in bounded memory. */
@NullMarked
package org.exchequer.scoring.bounded;

import org.jspecify.annotations.NullMarked;
