@NullMarked
package org.exchequer.inward;

import org.jspecify.annotations.NullMarked;
