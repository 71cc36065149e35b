/** One ledger over several, each with its own database. Start at {@link org.exchequer.shards.ShardedLedger}. */
@NullMarked
package org.exchequer.shards;

import org.jspecify.annotations.NullMarked;
