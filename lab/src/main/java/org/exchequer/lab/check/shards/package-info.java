/**
 * What must hold of a ledger over several shards, beside what must of any ledger. Written without the program's own
 * code, so that the two can disagree.
 */
@NullMarked
package org.exchequer.lab.check.shards;

import org.jspecify.annotations.NullMarked;
