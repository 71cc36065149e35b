@NullMarked
package org.exchequer.scoring.train;

import org.jspecify.annotations.NullMarked;
