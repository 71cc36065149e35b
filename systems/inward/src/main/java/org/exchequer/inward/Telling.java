package org.exchequer.inward;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.core.Ending;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.v1.PaymentAnswered;
import org.exchequer.kernel.Money;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.outbox.OutboxMessage;

/** Tells others of answers: one message for each, in the order of each payment's. */
public final class Telling {
    /** Where. */
    public static final Topic TOPIC = Topic.of("exchequer.inward.payments.v1", 6);

    static final List<Topic> TOPICS = List.of(TOPIC);

    private Telling() {}

    /** The message about an answer. */
    public static OutboxMessage of(Intake intake, Ending ending) {
        Money amount =
                intake.instruction() == null ? null : intake.instruction().amount();
        PaymentAnswered answered = PaymentAnswered.newBuilder()
                .setPaymentId(ending.id().toString())
                .setMessageType(intake.type().name())
                .setState(ending.state().name())
                .setStatus(ending.status().name())
                .setAnswerStatus(ending.answerStatus())
                .setReasonCode(ending.reason() == null ? "" : ending.reason().code())
                .setFinal(ending.state().terminal())
                .setTransactionId(ending.posted() == null ? 0 : ending.posted())
                .setAmountMinorUnits(amount == null ? 0 : amount.minorUnits())
                .setCurrency(amount == null ? "" : amount.currency().code())
                .setTookUs(TimeUnit.NANOSECONDS.toMicros(ending.tookNanos()))
                .setCompliant(ending.compliant())
                .build();
        return new OutboxMessage(
                TOPIC,
                ending.id().toString(),
                PaymentAnswered.getDescriptor().getFullName(),
                Map.of(),
                answered.toByteArray());
    }
}
