package org.exchequer.regtech.api;

import java.util.Optional;

/** Regulatory packs: trial balance, large movements, dormant accounts, audit extract with proofs, signed. */
public interface Packs {
    /**
     * Makes the pack of a date. The same books give the same bytes, except that a proof names the newest checkpoint of
     * the proof log.
     *
     * @throws org.exchequer.ledger.api.FieldError when it takes in more than a pack holds
     * @throws org.exchequer.ledger.api.LedgerUnavailableException when the books cannot be read now
     */
    Pack make(PackRequest request);

    /** The public key that packs of this process are signed with (C2SP signed-note); empty where it has no files. */
    Optional<String> key();
}
