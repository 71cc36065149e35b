/** What runs in the background: committer, projector, lease. */
@NullMarked
package org.exchequer.ledger.jobs;

import org.jspecify.annotations.NullMarked;
