/** The REST door of inward clearing. */
@NullMarked
package org.exchequer.inward.edge.http;

import org.jspecify.annotations.NullMarked;
