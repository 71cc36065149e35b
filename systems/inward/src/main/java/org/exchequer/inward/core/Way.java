package org.exchequer.inward.core;

import java.util.List;
import java.util.UUID;
import org.exchequer.inward.api.PaymentEvent;

/** What has happened to a payment, or some of it, in order. */
public record Way(UUID id, List<PaymentEvent> events) {}
