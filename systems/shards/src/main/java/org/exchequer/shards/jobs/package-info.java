/** Resolves what was left in doubt, moves slots. */
@NullMarked
package org.exchequer.shards.jobs;

import org.jspecify.annotations.NullMarked;
