/** What each system stands on: infrastructure, database access, messaging, security, telemetry, fault points. */
@NullMarked
package org.exchequer.platform;

import org.jspecify.annotations.NullMarked;
