@NullMarked
package org.exchequer.platform.host;

import org.jspecify.annotations.NullMarked;
