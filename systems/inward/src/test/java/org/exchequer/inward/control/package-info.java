/** How many payments are worked on at once. */
@NullMarked
package org.exchequer.inward.control;

import org.jspecify.annotations.NullMarked;
