package org.exchequer.platform.host;

import java.time.Clock;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;

/**
 * What a host needs before there is anything to serve. It makes none of it itself.
 *
 * @param clock wall time, for tokens
 * @param ticker monotonic time, for limits
 * @param telemetry metrics and traces
 * @param issuer the local issuer
 * @param links login links into the console
 * @param consoleDoor what security has to know about the console, or null when there is none
 * @param trail where calls leave their traces
 */
public record HostParts(
        Clock clock,
        Ticker ticker,
        Telemetry telemetry,
        LocalIssuer issuer,
        LoginLinks links,
        @Nullable ConsoleDoor consoleDoor,
        AccessTrail trail) {
    /** For a host whose calls leave no trace. */
    public HostParts(
            Clock clock,
            Ticker ticker,
            Telemetry telemetry,
            LocalIssuer issuer,
            LoginLinks links,
            @Nullable ConsoleDoor consoleDoor) {
        this(clock, ticker, telemetry, issuer, links, consoleDoor, AccessTrail.NONE);
    }
}
