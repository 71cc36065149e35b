@NullMarked
package org.exchequer.platform.faults;

import org.jspecify.annotations.NullMarked;
