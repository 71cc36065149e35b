package org.exchequer.ledger.edge.kafka;

import com.google.protobuf.Timestamp;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.event.v1.Entry;
import org.exchequer.ledger.api.event.v1.Side;
import org.exchequer.ledger.api.event.v1.TransactionPosted;

/** Renders transactions as the events of {@code exchequer/ledger/v1/transaction.proto}. */
final class TransactionEvents {
    private TransactionEvents() {}

    static TransactionPosted of(Transaction transaction) {
        TransactionPosted.Builder event = TransactionPosted.newBuilder()
                .setId(transaction.id())
                .setBookedAt(Timestamp.newBuilder()
                        .setSeconds(transaction.bookedAt().getEpochSecond())
                        .setNanos(transaction.bookedAt().getNano()))
                .setIdempotencyKey(transaction.key())
                .putAllMetadata(transaction.details().metadata());
        String reference = transaction.details().reference();
        if (reference != null) {
            event.setReference(reference);
        }
        String correlationId = transaction.details().correlationId();
        if (correlationId != null) {
            event.setCorrelationId(correlationId);
        }
        event.setBookingDate(transaction.bookingDate().toString())
                .setValueDate(transaction.valueDate().toString());
        Transaction.Origin origin = transaction.origin();
        if (origin.reversalOf() != null) {
            event.setReversalOf(origin.reversalOf());
        }
        if (origin.pendingId() != null) {
            event.setHoldId(origin.pendingId());
        }
        if (origin.adjustmentId() != null) {
            event.setAdjustmentId(origin.adjustmentId());
        }
        if (origin.linkedTo() != null) {
            event.setLinkedTo(origin.linkedTo());
        }
        transaction.entries().forEach(entry -> event.addEntries(entry(entry)));
        return event.build();
    }

    private static Entry entry(Transaction.Entry entry) {
        Leg leg = entry.leg();
        return Entry.newBuilder()
                .setAccount(leg.account())
                .setSide(
                        switch (leg.side()) {
                            case DEBIT -> Side.SIDE_DEBIT;
                            case CREDIT -> Side.SIDE_CREDIT;
                        })
                .setMinorUnits(leg.amount().minorUnits())
                .setCurrency(leg.amount().currency().code())
                .setScale(leg.amount().currency().scale())
                .setBalanceAfter(entry.balanceAfter())
                .build();
    }
}
