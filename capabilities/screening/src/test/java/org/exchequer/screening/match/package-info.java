@NullMarked
package org.exchequer.screening.match;

import org.jspecify.annotations.NullMarked;
