/** {@code exchequer inward …}: a client of inward clearing's REST door, with no server parts in its process. */
@NullMarked
package org.exchequer.app.cli.inward;

import org.jspecify.annotations.NullMarked;
