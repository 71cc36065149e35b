@NullMarked
package org.exchequer.platform.inbox;

import org.jspecify.annotations.NullMarked;
