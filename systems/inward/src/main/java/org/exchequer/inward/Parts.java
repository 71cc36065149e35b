package org.exchequer.inward;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.exchequer.inward.breach.Forecaster;
import org.exchequer.inward.core.Terms;
import org.exchequer.inward.core.Way;
import org.exchequer.inward.partner.Accounts;
import org.exchequer.inward.partner.Breakers;
import org.exchequer.inward.partner.Liquidity;
import org.exchequer.inward.store.Payments;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;

/**
 * What every payment is worked on with.
 *
 * @param node name of this process
 * @param way stores what has happened to a payment so far; done when that is durable, empty when it cannot be
 */
record Parts(
        Clock clock,
        Ticker ticker,
        Faults faults,
        String node,
        Settings settings,
        Terms.Banks banks,
        Risk risk,
        Screening screening,
        Accounts accounts,
        Liquidity liquidity,
        Breakers breakers,
        Allowance allowance,
        Execution execution,
        Originals originals,
        Payments payments,
        Function<Way, Optional<CompletableFuture<Void>>> way,
        Forecaster forecaster) {}
