package org.exchequer.ledger.edge.grpc;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.Transaction.Origin;
import org.exchequer.ledger.api.event.v1.Entry;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;

/** What the ledger shows, as messages and back; reading what was written gives an equal view. */
final class ViewProto {
    private ViewProto() {}

    static LedgerProto.Transaction write(Transaction transaction) {
        LedgerProto.Transaction.Builder message = LedgerProto.Transaction.newBuilder()
                .setId(transaction.id())
                .setKey(transaction.key())
                .setBookedAt(write(transaction.bookedAt()));
        for (Transaction.Entry entry : transaction.entries()) {
            Money amount = entry.leg().amount();
            message.addEntries(Entry.newBuilder()
                    .setAccount(entry.leg().account())
                    .setSide(Enums.side(entry.leg().side()))
                    .setMinorUnits(amount.minorUnits())
                    .setCurrency(amount.currency().code())
                    .setScale(amount.currency().scale())
                    .setBalanceAfter(entry.balanceAfter()));
        }
        CommandProto.with(transaction.details(), message::setDetails);
        message.setBookingDate(transaction.bookingDate().toString())
                .setValueDate(transaction.valueDate().toString());
        if (transaction.origin() != Origin.DIRECT) {
            write(transaction.origin(), message);
        }
        return message.build();
    }

    private static void write(Origin origin, LedgerProto.Transaction.Builder message) {
        Long reversalOf = origin.reversalOf();
        if (reversalOf != null) {
            message.setReversalOf(reversalOf);
        }
        Long pendingId = origin.pendingId();
        if (pendingId != null) {
            message.setPendingId(pendingId);
        }
        Long adjustmentId = origin.adjustmentId();
        if (adjustmentId != null) {
            message.setAdjustmentId(adjustmentId);
        }
        Long linkedTo = origin.linkedTo();
        if (linkedTo != null) {
            message.setLinkedTo(linkedTo);
        }
    }

    static Transaction read(LedgerProto.Transaction message) {
        List<Transaction.Entry> entries = new ArrayList<>(message.getEntriesCount());
        for (Entry entry : message.getEntriesList()) {
            Money amount = new Money(entry.getMinorUnits(), Currency.of(entry.getCurrency()));
            entries.add(new Transaction.Entry(
                    new Leg(entry.getAccount(), Enums.side(entry.getSide(), "side"), amount), entry.getBalanceAfter()));
        }
        return new Transaction(
                message.getId(),
                message.getKey(),
                read(message.getBookedAt()),
                date(message.getBookingDate()),
                date(message.getValueDate()),
                List.copyOf(entries),
                CommandProto.details(message.hasDetails(), message.getDetails()),
                origin(message));
    }

    private static Origin origin(LedgerProto.Transaction message) {
        Origin origin = new Origin(
                message.hasReversalOf() ? message.getReversalOf() : null,
                message.hasPendingId() ? message.getPendingId() : null,
                message.hasAdjustmentId() ? message.getAdjustmentId() : null,
                message.hasLinkedTo() ? message.getLinkedTo() : null);
        return origin.equals(Origin.DIRECT) ? Origin.DIRECT : origin;
    }

    static LedgerProto.PendingTransaction write(PendingTransaction pending) {
        LedgerProto.PendingTransaction.Builder message = LedgerProto.PendingTransaction.newBuilder()
                .setId(pending.id())
                .setKey(pending.key())
                .setCreatedAt(write(pending.createdAt()))
                .setDebitAccount(pending.debitAccount())
                .setCreditAccount(pending.creditAccount())
                .setAmount(CommandProto.money(pending.amount()))
                .setRemaining(pending.remaining().minorUnits())
                .setPosted(pending.posted().minorUnits())
                .setState(Enums.write(LedgerProto.PendingState.class, pending.state()));
        Instant expiresAt = pending.expiresAt();
        if (expiresAt != null) {
            message.setExpiresAt(write(expiresAt));
        }
        CommandProto.with(pending.details(), message::setDetails);
        Long linkedTo = pending.linkedTo();
        if (linkedTo != null) {
            message.setLinkedTo(linkedTo);
        }
        return message.build();
    }

    static PendingTransaction read(LedgerProto.PendingTransaction message) {
        Money amount = CommandProto.money(message.getAmount());
        return new PendingTransaction(
                message.getId(),
                message.getKey(),
                read(message.getCreatedAt()),
                message.getDebitAccount(),
                message.getCreditAccount(),
                amount,
                new Money(message.getRemaining(), amount.currency()),
                new Money(message.getPosted(), amount.currency()),
                message.hasExpiresAt() ? read(message.getExpiresAt()) : null,
                Enums.read(PendingTransaction.State.class, message.getState(), "state"),
                CommandProto.details(message.hasDetails(), message.getDetails()),
                message.hasLinkedTo() ? message.getLinkedTo() : null);
    }

    static LedgerProto.PendingPage writePending(Page<PendingTransaction> page) {
        LedgerProto.PendingPage.Builder message = LedgerProto.PendingPage.newBuilder()
                .addAllPending(page.items().stream().map(ViewProto::write).toList());
        continued(page, message::setNext);
        return message.build();
    }

    static Page<PendingTransaction> readPending(LedgerProto.PendingPage message) {
        return new Page<>(
                message.getPendingList().stream().map(ViewProto::read).toList(),
                message.hasNext() ? message.getNext() : null);
    }

    static LedgerProto.Adjustment write(Adjustment adjustment) {
        LedgerProto.Adjustment.Builder message = LedgerProto.Adjustment.newBuilder()
                .setId(adjustment.id())
                .setKey(adjustment.key())
                .setProposedAt(write(adjustment.proposedAt()))
                .setAuthor(adjustment.author())
                .setReason(adjustment.reason())
                .addAllLegs(CommandProto.legMessages(adjustment.legs()))
                .setState(Enums.write(LedgerProto.AdjustmentState.class, adjustment.state()));
        if (adjustment.change() != null) {
            message.setChange(CommandProto.change(adjustment.change()));
        }
        CommandProto.with(adjustment.details(), message::setDetails);
        Adjustment.Decision decision = adjustment.decision();
        if (decision != null) {
            message.setDecidedBy(decision.by())
                    .setDecidedAt(write(decision.at()))
                    .setDecisionSequence(decision.sequence())
                    .setDecisionReason(decision.reason());
        }
        Long transactionId = adjustment.transactionId();
        if (transactionId != null) {
            message.setTransactionId(transactionId);
        }
        return message.build();
    }

    static Adjustment read(LedgerProto.Adjustment message) {
        return new Adjustment(
                message.getId(),
                message.getKey(),
                read(message.getProposedAt()),
                message.getAuthor(),
                message.getReason(),
                CommandProto.legs(message.getLegsList()),
                message.hasChange() ? CommandProto.change(message.getChange()) : null,
                CommandProto.details(message.hasDetails(), message.getDetails()),
                Enums.read(Adjustment.State.class, message.getState(), "state"),
                message.hasDecidedBy()
                        ? new Adjustment.Decision(
                                message.getDecidedBy(),
                                read(message.getDecidedAt()),
                                message.getDecisionSequence(),
                                message.getDecisionReason())
                        : null,
                message.hasTransactionId() ? message.getTransactionId() : null);
    }

    static LedgerProto.DayClose write(DayClose close) {
        return LedgerProto.DayClose.newBuilder()
                .setDay(close.day().toString())
                .setSequence(close.sequence())
                .setClosedAt(write(close.closedAt()))
                .setClosedBy(close.closedBy())
                .build();
    }

    static DayClose read(LedgerProto.DayClose message) {
        return new DayClose(
                date(message.getDay()), message.getSequence(), read(message.getClosedAt()), message.getClosedBy());
    }

    static LedgerProto.DayBalance write(DayBalance day) {
        return LedgerProto.DayBalance.newBuilder()
                .setDate(day.date().toString())
                .setDebits(day.debits())
                .setCredits(day.credits())
                .setBalance(CommandProto.money(day.balance()))
                .build();
    }

    static DayBalance read(LedgerProto.DayBalance message) {
        return new DayBalance(
                date(message.getDate()),
                message.getDebits(),
                message.getCredits(),
                CommandProto.money(message.getBalance()));
    }

    static LedgerProto.Transactions writeTransactions(Page<Transaction> page) {
        LedgerProto.Transactions.Builder message = LedgerProto.Transactions.newBuilder()
                .addAllTransactions(page.items().stream().map(ViewProto::write).toList());
        continued(page, message::setNext);
        return message.build();
    }

    static Page<Transaction> readTransactions(LedgerProto.Transactions message) {
        return new Page<>(
                message.getTransactionsList().stream().map(ViewProto::read).toList(),
                message.hasNext() ? message.getNext() : null);
    }

    static LedgerProto.Adjustments writeAdjustments(Page<Adjustment> page) {
        LedgerProto.Adjustments.Builder message = LedgerProto.Adjustments.newBuilder()
                .addAllAdjustments(page.items().stream().map(ViewProto::write).toList());
        continued(page, message::setNext);
        return message.build();
    }

    static Page<Adjustment> readAdjustments(LedgerProto.Adjustments message) {
        return new Page<>(
                message.getAdjustmentsList().stream().map(ViewProto::read).toList(),
                message.hasNext() ? message.getNext() : null);
    }

    static LedgerProto.DayCloses writeCloses(Page<DayClose> page) {
        LedgerProto.DayCloses.Builder message = LedgerProto.DayCloses.newBuilder()
                .addAllCloses(page.items().stream().map(ViewProto::write).toList());
        continued(page, message::setNext);
        return message.build();
    }

    static Page<DayClose> readCloses(LedgerProto.DayCloses message) {
        return new Page<>(
                message.getClosesList().stream().map(ViewProto::read).toList(),
                message.hasNext() ? message.getNext() : null);
    }

    private static void continued(Page<?> page, Consumer<String> next) {
        String cursor = page.next();
        if (cursor != null) {
            next.accept(cursor);
        }
    }

    static LedgerProto.Account write(Account account) {
        return LedgerProto.Account.newBuilder()
                .setId(account.id())
                .setSpec(CommandProto.spec(account.spec()))
                .setState(Enums.write(LedgerProto.AccountState.class, account.state()))
                .setOpenedAt(write(account.openedAt()))
                .build();
    }

    static Account read(LedgerProto.Account message) {
        return new Account(
                message.getId(),
                CommandProto.spec(message.getSpec()),
                Enums.read(AccountState.class, message.getState(), "state"),
                read(message.getOpenedAt()));
    }

    static LedgerProto.AccountPage writeAccounts(Page<Account> page) {
        LedgerProto.AccountPage.Builder message = LedgerProto.AccountPage.newBuilder()
                .addAllAccounts(page.items().stream().map(ViewProto::write).toList());
        continued(page, message::setNext);
        return message.build();
    }

    static Page<Account> readAccounts(LedgerProto.AccountPage message) {
        return new Page<>(
                message.getAccountsList().stream().map(ViewProto::read).toList(),
                message.hasNext() ? message.getNext() : null);
    }

    static LedgerProto.Balance write(Balance balance) {
        LedgerProto.Balance.Builder message = LedgerProto.Balance.newBuilder()
                .setAccount(balance.account())
                .setCurrency(balance.currency().code())
                .setNormalSide(Enums.side(balance.normalSide()))
                .setDebits(balance.debits())
                .setCredits(balance.credits())
                .setPosted(balance.posted().minorUnits())
                .setAsOfSequence(balance.asOfSequence())
                .setPendingDebits(balance.pendingDebits())
                .setPendingCredits(balance.pendingCredits());
        Money available = balance.available();
        return available == null
                ? message.setDated(true).build()
                : message.setAvailable(available.minorUnits()).build();
    }

    static Balance read(LedgerProto.Balance message) {
        Currency currency = Currency.of(message.getCurrency());
        return new Balance(
                message.getAccount(),
                currency,
                Enums.side(message.getNormalSide(), "normalSide"),
                message.getDebits(),
                message.getCredits(),
                message.getPendingDebits(),
                message.getPendingCredits(),
                new Money(message.getPosted(), currency),
                message.getDated() ? null : new Money(message.getAvailable(), currency),
                message.getAsOfSequence());
    }

    static LedgerProto.StatementPage writeStatement(Page<StatementLine> page) {
        LedgerProto.StatementPage.Builder message = LedgerProto.StatementPage.newBuilder();
        page.items().forEach(line -> message.addLines(write(line)));
        continued(page, message::setNext);
        return message.build();
    }

    private static LedgerProto.StatementLine write(StatementLine line) {
        LedgerProto.StatementLine.Builder message = LedgerProto.StatementLine.newBuilder()
                .setTransactionId(line.transactionId())
                .setLeg(line.leg())
                .setBookedAt(write(line.bookedAt()))
                .setBookingDate(line.bookingDate().toString())
                .setValueDate(line.valueDate().toString())
                .setSide(Enums.side(line.side()))
                .setAmount(CommandProto.money(line.amount()))
                .setBalanceAfter(line.balanceAfter().minorUnits());
        String reference = line.reference();
        if (reference != null) {
            message.setReference(reference);
        }
        Long reversalOf = line.reversalOf();
        if (reversalOf != null) {
            message.setReversalOf(reversalOf);
        }
        return message.build();
    }

    static Page<StatementLine> readStatement(LedgerProto.StatementPage message) {
        return new Page<>(
                message.getLinesList().stream().map(ViewProto::read).toList(),
                message.hasNext() ? message.getNext() : null);
    }

    private static StatementLine read(LedgerProto.StatementLine message) {
        Money amount = CommandProto.money(message.getAmount());
        return new StatementLine(
                message.getTransactionId(),
                message.getLeg(),
                read(message.getBookedAt()),
                date(message.getBookingDate()),
                date(message.getValueDate()),
                Enums.side(message.getSide(), "side"),
                amount,
                new Money(message.getBalanceAfter(), amount.currency()),
                message.hasReference() ? message.getReference() : null,
                message.hasReversalOf() ? message.getReversalOf() : null);
    }

    private static LocalDate date(String text) {
        return LocalDate.parse(text);
    }

    private static Timestamp write(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static Instant read(Timestamp message) {
        return Instant.ofEpochSecond(message.getSeconds(), message.getNanos());
    }
}
