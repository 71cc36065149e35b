/** The Kafka door of inward clearing: messages in from one topic, answers out to another. */
@NullMarked
package org.exchequer.inward.edge.kafka;

import org.jspecify.annotations.NullMarked;
