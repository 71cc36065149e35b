/** What was answered before, found without asking the database, which decides all the same. */
@NullMarked
package org.exchequer.inward.known;

import org.jspecify.annotations.NullMarked;
