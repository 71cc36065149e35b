/** Kafka as this program uses it: clients, topics, and the relay that sends committed changes in order. */
@NullMarked
package org.exchequer.platform.kafka;

import org.jspecify.annotations.NullMarked;
