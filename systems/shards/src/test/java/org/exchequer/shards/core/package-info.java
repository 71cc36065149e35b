/** Tests of the pure decisions, and a model of shards to check them against. */
@NullMarked
package org.exchequer.shards.core;

import org.jspecify.annotations.NullMarked;
