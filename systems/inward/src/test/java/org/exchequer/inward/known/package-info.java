@NullMarked
package org.exchequer.inward.known;

import org.jspecify.annotations.NullMarked;
