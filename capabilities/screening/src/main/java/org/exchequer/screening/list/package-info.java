/** Readers of what publishers publish: OFAC's CSV, the UN's XML, and a plain CSV for every other list. */
@NullMarked
package org.exchequer.screening.list;

import org.jspecify.annotations.NullMarked;
