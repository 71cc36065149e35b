/** Who looked at what, and who did what takes more than the right to post. */
@NullMarked
package org.exchequer.app.access;

import org.jspecify.annotations.NullMarked;
