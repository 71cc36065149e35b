/**
 * The web console: one shell (navigation, search, errors, light and dark) around pages of the systems. Start at {@link
 * org.exchequer.console.edge.Console}.
 */
@NullMarked
package org.exchequer.console.edge;

import org.jspecify.annotations.NullMarked;
