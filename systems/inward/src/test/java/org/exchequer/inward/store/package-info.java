/** What is stored, and in which order, against a real PostgreSQL. */
@NullMarked
package org.exchequer.inward.store;

import org.jspecify.annotations.NullMarked;
