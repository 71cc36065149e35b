package org.exchequer.ledger.edge.grpc;

import com.google.protobuf.Timestamp;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
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
        Long reversalOf = transaction.reversalOf();
        if (reversalOf != null) {
            message.setReversalOf(reversalOf);
        }
        return message.build();
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
                List.copyOf(entries),
                CommandProto.details(message.hasDetails(), message.getDetails()),
                message.hasReversalOf() ? message.getReversalOf() : null);
    }

    static LedgerProto.Transactions writeTransactions(List<Transaction> transactions) {
        return LedgerProto.Transactions.newBuilder()
                .addAllTransactions(transactions.stream().map(ViewProto::write).toList())
                .build();
    }

    static List<Transaction> readTransactions(LedgerProto.Transactions message) {
        return message.getTransactionsList().stream().map(ViewProto::read).toList();
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
        String next = page.next();
        if (next != null) {
            message.setNext(next);
        }
        return message.build();
    }

    static Page<Account> readAccounts(LedgerProto.AccountPage message) {
        return new Page<>(
                message.getAccountsList().stream().map(ViewProto::read).toList(),
                message.hasNext() ? message.getNext() : null);
    }

    static LedgerProto.Balance write(Balance balance) {
        return LedgerProto.Balance.newBuilder()
                .setAccount(balance.account())
                .setCurrency(balance.currency().code())
                .setNormalSide(Enums.side(balance.normalSide()))
                .setDebits(balance.debits())
                .setCredits(balance.credits())
                .setPosted(balance.posted().minorUnits())
                .setAvailable(balance.available().minorUnits())
                .setAsOfSequence(balance.asOfSequence())
                .build();
    }

    static Balance read(LedgerProto.Balance message) {
        Currency currency = Currency.of(message.getCurrency());
        return new Balance(
                message.getAccount(),
                currency,
                Enums.side(message.getNormalSide(), "normalSide"),
                message.getDebits(),
                message.getCredits(),
                new Money(message.getPosted(), currency),
                new Money(message.getAvailable(), currency),
                message.getAsOfSequence());
    }

    static LedgerProto.StatementPage writeStatement(Page<StatementLine> page) {
        LedgerProto.StatementPage.Builder message = LedgerProto.StatementPage.newBuilder();
        page.items().forEach(line -> message.addLines(write(line)));
        String next = page.next();
        if (next != null) {
            message.setNext(next);
        }
        return message.build();
    }

    private static LedgerProto.StatementLine write(StatementLine line) {
        LedgerProto.StatementLine.Builder message = LedgerProto.StatementLine.newBuilder()
                .setTransactionId(line.transactionId())
                .setLeg(line.leg())
                .setBookedAt(write(line.bookedAt()))
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
                Enums.side(message.getSide(), "side"),
                amount,
                new Money(message.getBalanceAfter(), amount.currency()),
                message.hasReference() ? message.getReference() : null,
                message.hasReversalOf() ? message.getReversalOf() : null);
    }

    static LedgerProto.TrialBalance.Total write(TrialBalance.Total total) {
        return LedgerProto.TrialBalance.Total.newBuilder()
                .setCurrency(total.currency().code())
                .setDebits(total.debits().toString())
                .setCredits(total.credits().toString())
                .build();
    }

    static TrialBalance.Total read(LedgerProto.TrialBalance.Total message) {
        return new TrialBalance.Total(
                Currency.of(message.getCurrency()),
                new BigInteger(message.getDebits()),
                new BigInteger(message.getCredits()));
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
