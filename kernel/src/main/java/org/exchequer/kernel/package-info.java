/** The shared vocabulary: money, currencies, time sources. Pure; depends on the JDK alone. */
@NullMarked
package org.exchequer.kernel;

import org.jspecify.annotations.NullMarked;
