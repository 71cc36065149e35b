/** The inbox: each message from Kafka has its effect once, however often and wherever it is delivered. */
@NullMarked
package org.exchequer.platform.inbox;

import org.jspecify.annotations.NullMarked;
