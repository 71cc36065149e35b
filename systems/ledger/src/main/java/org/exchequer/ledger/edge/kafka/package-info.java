/** The ledger's events on Kafka. */
@NullMarked
package org.exchequer.ledger.edge.kafka;

import org.jspecify.annotations.NullMarked;
