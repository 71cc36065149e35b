/** Benchmarks of the exchange, beside exchange-core. */
@NullMarked
package org.exchequer.bench.exchange;

import org.jspecify.annotations.NullMarked;
