/** Which rows a report has: pure. */
@NullMarked
package org.exchequer.regtech.core;

import org.jspecify.annotations.NullMarked;
