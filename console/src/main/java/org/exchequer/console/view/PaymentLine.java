package org.exchequer.console.view;

import java.util.List;
import java.util.stream.Stream;
import org.exchequer.inward.api.PaymentView;
import org.jspecify.annotations.Nullable;

/** A payment in a list. */
public record PaymentLine(
        String id,
        String brief,
        String type,
        Moment received,
        String amount,
        String from,
        String to,
        String debtor,
        String creditor,
        String status,
        String state,
        String took,
        String level,
        String answer,
        String fallbacks) {
    /** Of a file: as many as {@link #values} gives. */
    public static final List<String> COLUMNS = List.of(
            "id",
            "type",
            "received_at",
            "status",
            "state",
            "answer",
            "reason",
            "took_ms",
            "in_time",
            "amount",
            "currency",
            "instructing_bic",
            "instructed_bic",
            "debtor_account",
            "creditor_account",
            "message_id",
            "end_to_end_id",
            "uetr",
            "fallbacks",
            "door",
            "node",
            "transaction");

    public static PaymentLine of(PaymentView view) {
        String id = view.id().toString();
        return new PaymentLine(
                id,
                id.substring(0, 8) + "…" + id.substring(id.length() - 4),
                type(view.type()),
                Moment.of(view.receivedAt()),
                view.amount() == null
                        ? ""
                        : Amounts.text(view.amount()) + " "
                                + view.amount().currency().code(),
                text(view.instructingBic()),
                text(view.instructedBic()),
                text(view.debtorAccount()),
                text(view.creditorAccount()),
                Times.words(view.status().name()),
                Times.words(view.state().name()),
                view.took() == null ? "" : Times.text(view.took()),
                view.compliant() == null ? "warn" : view.compliant() ? "good" : "bad",
                Stream.of(view.answerStatus(), view.reasonCode())
                        .filter(part -> part != null)
                        .reduce((one, other) -> one + " " + other)
                        .orElse(""),
                String.join(", ", view.fallbacks().stream().map(Times::words).toList()));
    }

    /** {@code PACS_008} → {@code pacs.008}. */
    static String type(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace('_', '.');
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** For a file. */
    public static List<String> values(PaymentView view) {
        return List.of(
                view.id().toString(),
                view.type(),
                view.receivedAt().toString(),
                view.status().name(),
                view.state().name(),
                text(view.answerStatus()),
                text(view.reasonCode()),
                view.took() == null ? "" : Long.toString(view.took().toMillis()),
                text(view.compliant()),
                view.amount() == null ? "" : view.amount().toDecimal(),
                view.amount() == null ? "" : view.amount().currency().code(),
                text(view.instructingBic()),
                text(view.instructedBic()),
                text(view.debtorAccount()),
                text(view.creditorAccount()),
                text(view.messageId()),
                text(view.endToEndId()),
                text(view.uetr()),
                String.join(" ", view.fallbacks()),
                view.door(),
                view.node(),
                text(view.transaction()));
    }
}
