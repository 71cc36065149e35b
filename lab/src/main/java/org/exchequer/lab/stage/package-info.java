/** What a run is played on: PostgreSQL, Kafka and several nodes, with proxies between them. */
@NullMarked
package org.exchequer.lab.stage;

import org.jspecify.annotations.NullMarked;
