package org.exchequer.ledger;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.exchequer.ledger.SubjectVault.UnsealableException;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.core.PersonalData;
import org.exchequer.ledger.core.PersonalData.Opening;
import org.exchequer.prooflog.SealedText;
import org.exchequer.prooflog.WrongMasterKeyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger with personal data sealed: what comes in is sealed before the ledger sees it, so that nothing inside, no
 * journal, hash, log, topic or forwarded command, has ever held it in clear; what goes out is opened for whoever may
 * read. Stands outermost: over one ledger, or over all shards of one.
 */
final class SealingLedger implements Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(SealingLedger.class);

    private static final Outcome.Refused NO_KEYS = new Outcome.Refused(Outcome.Refused.Cause.STORAGE, 500);

    /** Keys may have to be read from the database, which none of the ledger's own threads may wait for. */
    private static final Executor OPENING =
            task -> Thread.ofVirtual().name("opening").start(task);

    private final Ledger ledger;
    private final SubjectVault vault;
    private final PersonalData.Sealing sealing;

    SealingLedger(Ledger ledger, SubjectVault vault) {
        this.ledger = ledger;
        this.vault = vault;
        this.sealing = vault::seal;
    }

    /** A transfer without labels costs a look at an empty map. A new subject's first command waits for the database. */
    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        Command sealed;
        try {
            requireSealed(command);
            sealed = PersonalData.seal(command, sealing);
        } catch (UnsealableException e) {
            return CompletableFuture.completedFuture(e.outcome());
        } catch (LedgerUnavailableException | WrongMasterKeyException e) {
            return CompletableFuture.completedFuture(refused(e));
        }
        CompletableFuture<Outcome> outcome = ledger.submit(sealed);
        return sealed == command && PersonalData.answersItself(command)
                ? outcome
                : outcome.thenCompose(told -> reading(told, Opening::outcome, unknown -> unknown));
    }

    @Override
    public CompletableFuture<List<Outcome>> submitLinked(List<Command> commands) {
        Command.requireLinkable(commands);
        List<Command> sealed = new ArrayList<>(commands.size());
        try {
            for (Command command : commands) {
                requireSealed(command);
                sealed.add(PersonalData.seal(command, sealing));
            }
        } catch (UnsealableException e) {
            Outcome.Rejected culprit = e.outcome();
            List<Outcome> all = new ArrayList<>(Collections.nCopies(
                    commands.size(),
                    new Outcome.Rejected(
                            RejectionReason.LINKED_ITEM_FAILED,
                            "",
                            "item " + sealed.size() + " of the linked batch was rejected: " + culprit.reason(),
                            0,
                            false)));
            all.set(sealed.size(), culprit);
            return CompletableFuture.completedFuture(all);
        } catch (LedgerUnavailableException | WrongMasterKeyException e) {
            return CompletableFuture.completedFuture(Collections.nCopies(commands.size(), refused(e)));
        }
        return ledger.submitLinked(sealed)
                .thenCompose(told -> reading(
                        told, SealingLedger::outcomes, unknown -> Collections.nCopies(commands.size(), unknown)));
    }

    /** A command that was decided before this was refused gets its answer still: nothing is stored for it again. */
    private void requireSealed(Command command) {
        FieldError inClear = PersonalData.inClear(command);
        if (inClear != null && ledger.outcome(command.key()).isEmpty()) {
            throw SubjectVault.unsealable(inClear.field(), inClear.field() + " " + inClear.getMessage());
        }
    }

    private static Outcome refused(RuntimeException why) {
        LOG.warn("a command was refused because its personal data cannot be sealed now: {}", why.getMessage());
        return NO_KEYS;
    }

    private static List<Outcome> outcomes(Opening opening, List<Outcome> outcomes) {
        return outcomes.stream().map(opening::outcome).toList();
    }

    /** Opened on another thread when something in it is sealed. */
    private <T> CompletableFuture<T> reading(
            T value, BiFunction<Opening, T, T> walk, Function<Outcome.Unknown, T> otherwise) {
        Set<String> sealed = sealed(value, walk);
        if (sealed.isEmpty()) {
            return CompletableFuture.completedFuture(value);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return open(value, walk, sealed);
                    } catch (LedgerUnavailableException e) {
                        return otherwise.apply(new Outcome.Unknown(
                                "it was decided, and what is sealed in it cannot be read at present"));
                    }
                },
                OPENING);
    }

    private <T> T read(T value, BiFunction<Opening, T, T> walk) {
        Set<String> sealed = sealed(value, walk);
        return sealed.isEmpty() ? value : open(value, walk, sealed);
    }

    private <T> Page<T> readPage(Page<T> page, BiFunction<Opening, T, T> walk) {
        return read(
                page,
                (opening, p) -> new Page<>(
                        p.items().stream()
                                .map(item -> walk.apply(opening, item))
                                .toList(),
                        p.next()));
    }

    /** Collected first, so that the keys are read together. */
    private static <T> Set<String> sealed(T value, BiFunction<Opening, T, T> walk) {
        Set<String> sealed = new HashSet<>();
        T unused = walk.apply(
                new Opening(
                        text -> {
                            if (SealedText.is(text)) {
                                sealed.add(text);
                            }
                            return false;
                        },
                        text -> text),
                value);
        return sealed;
    }

    private <T> T open(T value, BiFunction<Opening, T, T> walk, Set<String> sealed) {
        Map<String, String> opened = vault.open(sealed);
        return walk.apply(new Opening(opened::containsKey, text -> opened.getOrDefault(text, text)), value);
    }

    @Override
    public Optional<Outcome> outcome(String key) {
        return ledger.outcome(key).map(told -> read(told, Opening::outcome));
    }

    @Override
    public Optional<Account> account(String code) {
        return ledger.account(code).map(account -> read(account, Opening::account));
    }

    @Override
    public Page<Account> accounts(String prefix, @Nullable String cursor, int limit) {
        return readPage(ledger.accounts(prefix, cursor, limit), Opening::account);
    }

    @Override
    public Optional<Balance> balance(String account) {
        return ledger.balance(account);
    }

    @Override
    public Optional<Balance> balance(String account, AsOf asOf) {
        return ledger.balance(account, asOf);
    }

    @Override
    public Optional<List<Rollup>> rollUp(String account, AsOf asOf) {
        return ledger.rollUp(account, asOf);
    }

    @Override
    public Optional<List<DayBalance>> history(String account, LocalDate from, LocalDate to) {
        return ledger.history(account, from, to);
    }

    @Override
    public Optional<Page<StatementLine>> statement(String account, Period period, @Nullable String cursor, int limit) {
        return ledger.statement(account, period, cursor, limit);
    }

    @Override
    public Optional<Transaction> transaction(long id) {
        return ledger.transaction(id).map(found -> read(found, Opening::transaction));
    }

    @Override
    public Page<Transaction> byReference(String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        return readPage(ledger.byReference(referenceOrCorrelationId, cursor, limit), Opening::transaction);
    }

    @Override
    public Page<Transaction> latest(@Nullable String cursor, int limit) {
        return readPage(ledger.latest(cursor, limit), Opening::transaction);
    }

    @Override
    public Page<Transaction> transactions(long after, int limit) {
        return readPage(ledger.transactions(after, limit), Opening::transaction);
    }

    @Override
    public List<Long> reversalsOf(long transactionId) {
        return ledger.reversalsOf(transactionId);
    }

    @Override
    public List<Outcome> linked(long linkedTo) {
        return read(ledger.linked(linkedTo), SealingLedger::outcomes);
    }

    @Override
    public Optional<PendingTransaction> pending(long id) {
        return ledger.pending(id).map(found -> read(found, Opening::pending));
    }

    @Override
    public Page<PendingTransaction> pending(
            boolean openOnly, @Nullable String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        return readPage(ledger.pending(openOnly, referenceOrCorrelationId, cursor, limit), Opening::pending);
    }

    @Override
    public Optional<Page<PendingTransaction>> pendingOf(String account, @Nullable String cursor, int limit) {
        return ledger.pendingOf(account, cursor, limit).map(page -> readPage(page, Opening::pending));
    }

    @Override
    public List<Long> postingsOf(long pendingId) {
        return ledger.postingsOf(pendingId);
    }

    @Override
    public Optional<Adjustment> adjustment(long id) {
        return ledger.adjustment(id).map(found -> read(found, Opening::adjustment));
    }

    @Override
    public Page<Adjustment> adjustments(boolean openOnly, @Nullable String cursor, int limit) {
        return readPage(ledger.adjustments(openOnly, cursor, limit), Opening::adjustment);
    }

    @Override
    public TrialBalance trialBalance(AsOf asOf) {
        return ledger.trialBalance(asOf);
    }

    @Override
    public BalanceSheet balanceSheet(AsOf asOf) {
        return read(ledger.balanceSheet(asOf), Opening::balanceSheet);
    }

    @Override
    public IncomeStatement incomeStatement(LocalDate from, LocalDate to, AsOf.Basis basis) {
        return read(ledger.incomeStatement(from, to, basis), Opening::incomeStatement);
    }

    @Override
    public LocalDate businessDate() {
        return ledger.businessDate();
    }

    @Override
    public Page<DayClose> closes(@Nullable String cursor, int limit) {
        return ledger.closes(cursor, limit);
    }

    @Override
    public long lastSequence() {
        return ledger.lastSequence();
    }
}
