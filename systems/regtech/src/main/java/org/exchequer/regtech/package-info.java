/** Regulatory reporting: what a supervisor asks for, at a date, signed. */
@NullMarked
package org.exchequer.regtech;

import org.jspecify.annotations.NullMarked;
