package org.exchequer.inward.api;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;

/** Payments for people to look at. */
public interface PaymentBook {
    /** One, with its events. */
    Optional<PaymentView> payment(UUID id);

    /** One with all that is kept of it. */
    Optional<PaymentDossier> dossier(UUID id);

    /**
     * Payments, those received last first.
     *
     * @param cursor from the page before, or null for the first
     * @param limit 1 to 1,000
     * @throws IllegalArgumentException when the cursor is not one of ours
     * @throws SearchTooWideException when it takes longer than 5 s
     */
    Page<PaymentView> payments(PaymentFilter filter, @Nullable String cursor, int limit);

    /** Those with these ids, at most 1,000, without events; what there is not is left out. */
    List<PaymentView> payments(List<UUID> ids);

    /** The same payments, each with its events. */
    List<PaymentView> withEvents(List<PaymentView> payments);
}
