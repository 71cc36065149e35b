/** The directory: which shard has which slots. */
@NullMarked
package org.exchequer.shards.store;

import org.jspecify.annotations.NullMarked;
