/** Named places where the lab may break things. */
@NullMarked
package org.exchequer.platform.faults;

import org.jspecify.annotations.NullMarked;
