@NullMarked
package org.exchequer.ledger.edge.kafka;

import org.jspecify.annotations.NullMarked;
