@NullMarked
package org.exchequer.platform.backup;

import org.jspecify.annotations.NullMarked;
