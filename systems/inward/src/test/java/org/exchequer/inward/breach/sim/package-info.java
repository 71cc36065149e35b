@NullMarked
package org.exchequer.inward.breach.sim;

import org.jspecify.annotations.NullMarked;
