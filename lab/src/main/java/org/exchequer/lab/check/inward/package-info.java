/** Checkers of inward clearing: what banks were answered, against what is durable and what the ledger says. */
@NullMarked
package org.exchequer.lab.check.inward;

import org.jspecify.annotations.NullMarked;
