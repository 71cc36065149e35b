/** How many payments are worked on at once. */
@NullMarked
package org.exchequer.inward.api;

import org.jspecify.annotations.NullMarked;
