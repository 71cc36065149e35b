/** What the program says about itself: logs without secrets, metrics, traces. */
@NullMarked
package org.exchequer.platform.telemetry;

import org.jspecify.annotations.NullMarked;
