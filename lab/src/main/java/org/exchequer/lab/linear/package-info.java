/** Decides whether a concurrent history of one object has an order that explains every answer. */
@NullMarked
package org.exchequer.lab.linear;

import org.jspecify.annotations.NullMarked;
