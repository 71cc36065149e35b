/**
 * Pure decisions: where an account lives, what a transaction over several shards consists of, what comes next in
 * it.
 */
@NullMarked
package org.exchequer.shards.core;

import org.jspecify.annotations.NullMarked;
