package org.exchequer.lab.check.shards;

import org.exchequer.lab.check.Finding;

/** Something that must hold of a ledger over several shards. Pure: evidence in, finding out. */
public interface ShardChecker {
    /** In reports, e.g. {@code two-phase}. */
    String name();

    /** What must hold, in one sentence. */
    String invariant();

    Finding check(ShardedEvidence evidence);
}
