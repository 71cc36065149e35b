package org.exchequer.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Erasure;
import org.exchequer.ledger.api.Erasure.Outcome.Done;
import org.exchequer.ledger.api.Erasure.Outcome.NotDone;
import org.exchequer.ledger.api.Erasure.Why;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.store.ErasureTable;
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
 * Seals and opens texts under the keys of their subjects, and erases those when two people say so. Begins, with the
 * master key that is here, when something is to be sealed for the first time.
 */
final class SubjectVault implements Subjects {
    private static final Logger LOG = LoggerFactory.getLogger(SubjectVault.class);
    private static final String SUBJECT = "metadata." + LABEL;

    private final SubjectKeyTable table;
    private final MasterKeys masters;
    private final Ticker ticker;
    private final ErasureTable erasures;
    private @Nullable Opened opened;

    /** The keys, and what remembers them. */
    private record Opened(SubjectKeys keys, CachedKeys cache) {}

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

    SubjectVault(DataSource database, MasterKeys masters, Ticker ticker) {
        this.table = new SubjectKeyTable(database);
        this.erasures = new ErasureTable(database);
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
    private synchronized @Nullable Opened keys() {
        if (opened == null) {
            opened = table.master().flatMap(this::open).orElse(null);
        }
        return opened;
    }

    private synchronized @Nullable Opened keysOrBegin() {
        Opened keys = keys();
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

    private Optional<Opened> open(SubjectKeyTable.Master master) {
        return masters.opening(SubjectKeyTable.NAMING, master.naming()).map(key -> {
            CachedKeys cache = new CachedKeys(table.keys(master.generation()), ticker);
            byte[] naming = key.unwrap(SubjectKeyTable.NAMING, master.naming());
            return new Opened(SubjectKeys.over(cache, key, naming), cache);
        });
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
        Opened keys = keysOrBegin();
        if (keys == null) {
            throw unsealable(SUBJECT, "there is no master key here to seal it under: set EXCHEQUER_MASTER_KEY");
        }
        try {
            return SealedText.seal(keys.keys(), subject, text);
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
            Opened keys = keys();
            if (keys != null) {
                return keys.keys().openTexts(sealed);
            }
        } catch (WrongMasterKeyException e) {
            LOG.warn("sealed data is not readable here: {}", e.getMessage());
        }
        return sealed.stream().collect(Collectors.toMap(Function.identity(), text -> SubjectKeys.UNREADABLE));
    }

    /** What a subject's key is called; null as long as nothing was sealed at all. */
    private @Nullable String name(String reference) {
        AccountSpec.requireCode(LABEL, reference);
        try {
            Opened keys = keys();
            return keys == null ? null : keys.keys().name(reference);
        } catch (WrongMasterKeyException e) {
            throw new LedgerUnavailableException("the subject's key cannot be found without the master key", e);
        }
    }

    @Override
    public Counts counts() {
        return erasures.counts();
    }

    @Override
    public Optional<Subject> find(String reference) {
        String name = name(reference);
        return name == null
                ? Optional.empty()
                : erasures.state(name)
                        .map(state -> new Subject(
                                reference, state, erasures.latest(name).orElse(null)));
    }

    @Override
    public Page<Erasure> erasures(boolean open, @Nullable String cursor, int limit) {
        return erasures.page(open, cursor, limit);
    }

    @Override
    public Erasure.Outcome propose(String reference, String reason, String author) {
        String name = name(reference);
        requireText(reason, 1);
        Optional<State> state = name == null ? Optional.empty() : erasures.state(name);
        if (name == null || state.isEmpty()) {
            return new NotDone(Why.SUBJECT_NOT_FOUND, "nothing was ever sealed for the subject " + reference);
        }
        if (state.get() == State.ERASED) {
            return new NotDone(Why.SUBJECT_ERASED, reference + " was erased before");
        }
        Optional<Erasure> proposed = erasures.propose(name, reference, reason, author);
        Erasure waiting = proposed.or(() -> erasures.open(name))
                .orElseThrow(() -> new LedgerUnavailableException(
                        "another erasure of the subject was decided at this moment; ask again"));
        return proposed.isPresent()
                        || (waiting.author().equals(author) && waiting.reason().equals(reason))
                ? new Done(waiting)
                : new NotDone(
                        Why.ERASURE_ALREADY_PROPOSED,
                        "erasure " + waiting.id() + " of " + reference + ", proposed by " + waiting.author()
                                + ", waits for a decision");
    }

    @Override
    public Erasure.Outcome decide(String reference, long erasureId, boolean approve, String by, String why) {
        String name = name(reference);
        requireText(why, 0);
        Optional<Erasure> found = name == null ? Optional.empty() : erasures.find(name, erasureId);
        if (name == null || found.isEmpty()) {
            return new NotDone(Why.ERASURE_NOT_FOUND, reference + " has no erasure " + erasureId);
        }
        if (approve && found.get().author().strip().equalsIgnoreCase(by.strip())) {
            return new NotDone(
                    Why.APPROVER_IS_AUTHOR,
                    found.get().author() + " proposed erasure " + erasureId + "; somebody else must approve it");
        }
        // Either way the key is destroyed by now, or it is not to be.
        boolean now = erasures.decide(erasureId, approve, by, why);
        Erasure decided = erasures.find(name, erasureId).orElseThrow();
        if (decided.state() == Erasure.State.APPROVED) {
            forget(name);
        }
        Erasure.Decision decision = decided.decision();
        boolean same =
                decision != null && decision.by().equals(by) && (decided.state() == Erasure.State.APPROVED) == approve;
        return now || same
                ? new Done(decided)
                : new NotDone(Why.ERASURE_ALREADY_DECIDED, "erasure " + erasureId + " was approved or rejected before");
    }

    private void forget(String name) {
        Opened keys = keys();
        if (keys != null) {
            keys.cache().erased(name);
        }
    }

    private static void requireText(String reason, int least) {
        if ((least > 0 && reason.isBlank()) || reason.length() > Erasure.MOST_REASON || Details.hasControl(reason)) {
            throw new FieldError(
                    "reason",
                    "must have " + least + " to " + Erasure.MOST_REASON
                            + " characters, none of them a control character");
        }
    }
}
