/** Real PostgreSQL and Kafka for tests: embedded by default, other clusters by environment. */
@NullMarked
package org.exchequer.platform.testing;

import org.jspecify.annotations.NullMarked;
