/** Payments, their events and answers in PostgreSQL. */
@NullMarked
package org.exchequer.inward.store;

import org.jspecify.annotations.NullMarked;
