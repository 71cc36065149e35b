@NullMarked
package org.exchequer.screening.quality;

import org.jspecify.annotations.NullMarked;
