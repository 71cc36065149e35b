@NullMarked
package org.exchequer.screening;

import org.jspecify.annotations.NullMarked;
