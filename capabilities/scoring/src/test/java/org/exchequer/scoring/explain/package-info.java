@NullMarked
package org.exchequer.scoring.explain;

import org.jspecify.annotations.NullMarked;
