/** The program: the table of systems, what starts them, and where everything is wired. Start at {@link Systems}. */
@NullMarked
package org.exchequer.app;

import org.jspecify.annotations.NullMarked;
