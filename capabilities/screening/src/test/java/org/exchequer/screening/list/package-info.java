@NullMarked
package org.exchequer.screening.list;

import org.jspecify.annotations.NullMarked;
