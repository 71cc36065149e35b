@NullMarked
package org.exchequer.platform.telemetry;

import org.jspecify.annotations.NullMarked;
