/** Tests of the sharded ledger on real databases. */
@NullMarked
package org.exchequer.shards;

import org.jspecify.annotations.NullMarked;
