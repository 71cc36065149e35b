/** What others may know of the shards. */
@NullMarked
package org.exchequer.shards.api;

import org.jspecify.annotations.NullMarked;
