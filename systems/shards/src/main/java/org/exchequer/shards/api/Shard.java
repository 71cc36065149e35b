package org.exchequer.shards.api;

import org.exchequer.ledger.api.Ledger;

/**
 * One of the ledgers that a sharded one consists of, in this process or another.
 *
 * @param index its number, from 0, for ever: it stands in ids and in names of accounts
 * @param name for people, e.g. {@code s1}
 * @param ledger where it is
 */
public record Shard(int index, String name, Ledger ledger) {}
