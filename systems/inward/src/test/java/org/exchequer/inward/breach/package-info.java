@NullMarked
package org.exchequer.inward.breach;

import org.jspecify.annotations.NullMarked;
