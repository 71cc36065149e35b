@NullMarked
package org.exchequer.app;

import org.jspecify.annotations.NullMarked;
