/** The embedded default infrastructure: the data directory, and PostgreSQL and Kafka as child processes. */
@NullMarked
package org.exchequer.platform.infra;

import org.jspecify.annotations.NullMarked;
