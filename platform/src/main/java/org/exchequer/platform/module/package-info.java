/** How a system plugs into the program: what it is given and what it offers. */
@NullMarked
package org.exchequer.platform.module;

import org.jspecify.annotations.NullMarked;
