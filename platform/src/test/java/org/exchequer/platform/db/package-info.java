@NullMarked
package org.exchequer.platform.db;

import org.jspecify.annotations.NullMarked;
