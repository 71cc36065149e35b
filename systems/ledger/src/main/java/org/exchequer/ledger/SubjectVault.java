package org.exchequer.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.store.SubjectKeyTable;
import org.exchequer.prooflog.CachedKeys;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.prooflog.SealedText;
import org.exchequer.prooflog.SubjectErasedException;
import org.exchequer.prooflog.SubjectKeys;
import org.exchequer.prooflog.WrongMasterKeyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals and opens texts under the keys of their subjects, and erases those. Begins, with the master key that is here,
 * when something is to be sealed for the first time.
 */
final class SubjectVault implements Subjects {
    private static final Logger LOG = LoggerFactory.getLogger(SubjectVault.class);
    private static final String SUBJECT = "metadata." + LABEL;

    private final SubjectKeyTable table;
    private final MasterKeys masters;
    private final Ticker ticker;
    private @Nullable SubjectKeys opened;

    /** A text cannot be sealed, so the command it stands in is not looked at. */
    static final class UnsealableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final RejectionReason reason;
        private final String field;

        UnsealableException(RejectionReason reason, String field, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
            this.field = field;
        }

        Outcome.Rejected outcome() {
            return new Outcome.Rejected(reason, field, String.valueOf(getMessage()), 0, false);
        }
    }

    SubjectVault(SubjectKeyTable table, MasterKeys masters, Ticker ticker) {
        this.table = table;
        this.masters = masters;
        this.ticker = ticker;
    }

    /**
     * Makes sure of the master key.
     *
     * @throws WrongMasterKeyException when the ledger has sealed data under another than is here
     */
    void start() {
        if (keys() == null) {
            masters.first();
        }
    }

    /** The keys; null as long as nothing was sealed, and where there is no master key. */
    private synchronized @Nullable SubjectKeys keys() {
        if (opened == null) {
            opened = table.master().flatMap(this::open).orElse(null);
        }
        return opened;
    }

    private synchronized @Nullable SubjectKeys keysOrBegin() {
        SubjectKeys keys = keys();
        if (keys == null) {
            Optional<MasterKey> first = masters.first();
            if (first.isEmpty()) {
                return null;
            }
            keys = open(table.begin(first.get().wrap(SubjectKeyTable.NAMING, SubjectKeys.newNaming())))
                    .orElse(null);
            opened = keys;
        }
        return keys;
    }

    private Optional<SubjectKeys> open(SubjectKeyTable.Master master) {
        return masters.opening(SubjectKeyTable.NAMING, master.naming())
                .map(key -> SubjectKeys.over(
                        new CachedKeys(table.keys(master.generation()), ticker),
                        key,
                        key.unwrap(SubjectKeyTable.NAMING, master.naming())));
    }

    /** As {@link org.exchequer.ledger.core.PersonalData.Sealing}: sealed where the command names its subject. */
    String seal(@Nullable String subject, String field, String text, int most) {
        if (SealedText.is(text)) {
            throw unsealable(field, field + " looks like text that is sealed already");
        }
        if (subject == null) {
            return text;
        }
        try {
            AccountSpec.requireCode(SUBJECT, subject);
        } catch (FieldError broken) {
            throw unsealable(SUBJECT, SUBJECT + " " + broken.getMessage());
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > SealedText.mostBytes(most)) {
            throw unsealable(
                    field,
                    field + " has " + bytes + " bytes in UTF-8; what is sealed may have at most "
                            + SealedText.mostBytes(most));
        }
        SubjectKeys keys = keysOrBegin();
        if (keys == null) {
            throw unsealable(SUBJECT, "there is no master key here to seal it under: set EXCHEQUER_MASTER_KEY");
        }
        try {
            return SealedText.seal(keys, subject, text);
        } catch (SubjectErasedException erased) {
            throw new UnsealableException(RejectionReason.SUBJECT_ERASED, SUBJECT, subject + " was erased");
        }
    }

    static UnsealableException unsealable(String field, String detail) {
        return new UnsealableException(RejectionReason.NOT_SEALABLE, field, detail);
    }

    /** What people read of these. */
    Map<String, String> open(Set<String> sealed) {
        try {
            SubjectKeys keys = keys();
            if (keys != null) {
                return keys.openTexts(sealed);
            }
        } catch (WrongMasterKeyException e) {
            LOG.warn("sealed data is not readable here: {}", e.getMessage());
        }
        return sealed.stream().collect(Collectors.toMap(Function.identity(), text -> SubjectKeys.UNREADABLE));
    }

    @Override
    public boolean erase(String reference) {
        AccountSpec.requireCode(LABEL, reference);
        try {
            SubjectKeys keys = keys();
            if (keys == null || keys.state(reference) == SubjectKeys.State.UNKNOWN) {
                return false;
            }
            keys.erase(reference);
            return true;
        } catch (WrongMasterKeyException e) {
            throw new LedgerUnavailableException("the subject's key cannot be found without the master key", e);
        }
    }
}
