package org.exchequer.shards.core;

import java.time.LocalDate;
import org.exchequer.kernel.Currency;

/**
 * What a move of its slot carried of an account from one shard to another. Both entries are needed for each shard to
 * balance by itself, and together they are nothing.
 *
 * @param account code
 * @param currency its currency
 * @param net what the account carried: debits less credits, in minor units, not zero
 * @param left where it left: an entry of {@code -net} on the account there
 * @param arrived where it went: an entry of {@code net} on the account there
 */
public record Carry(String account, Currency currency, long net, Entry left, Entry arrived) {
    /**
     * One of the two.
     *
     * @param shard which shard's journal it is in
     * @param id its position there
     * @param date its booking date, which is its value date too
     */
    public record Entry(int shard, long id, LocalDate date) {}

    /** The account in transit on the other side of the entry with which it left. */
    String leftTo() {
        return Names.transitTo(left.shard(), arrived.shard(), currency);
    }

    /** The account in transit on the other side of the entry with which it arrived. */
    String arrivedFrom() {
        return Names.transitFrom(arrived.shard(), left.shard(), currency);
    }
}
