/** Tables as CSV, JSON and PDF; the same bytes for the same table. */
@NullMarked
package org.exchequer.regtech.edge.render;

import org.jspecify.annotations.NullMarked;
