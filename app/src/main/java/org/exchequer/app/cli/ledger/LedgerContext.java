package org.exchequer.app.cli.ledger;

import java.time.Clock;
import java.util.Map;
import org.exchequer.kernel.Ticker;

/**
 * What ledger commands are given.
 *
 * @param environment variables of the process
 * @param clock wall time, for keys and tokens
 * @param ticker monotonic time, for progress
 * @param keys new idempotency keys
 */
public record LedgerContext(Map<String, String> environment, Clock clock, Ticker ticker, Keys keys) {}
