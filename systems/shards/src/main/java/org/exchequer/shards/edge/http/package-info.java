/** The REST door to the directory. */
@NullMarked
package org.exchequer.shards.edge.http;

import org.jspecify.annotations.NullMarked;
