/** Access to PostgreSQL: one schema, one role and one pool per system. */
@NullMarked
package org.exchequer.platform.db;

import org.jspecify.annotations.NullMarked;
