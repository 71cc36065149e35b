/** What goes on when a payment has been answered, and what is found out after a crash. */
@NullMarked
package org.exchequer.inward.jobs;

import org.jspecify.annotations.NullMarked;
