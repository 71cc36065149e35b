package org.exchequer.ledger.jobs;

import static org.exchequer.ledger.api.AccountType.ASSET;
import static org.exchequer.ledger.api.AccountType.EQUITY;
import static org.exchequer.ledger.api.AccountType.EXPENSE;
import static org.exchequer.ledger.api.AccountType.INCOME;
import static org.exchequer.ledger.api.AccountType.LIABILITY;
import static org.exchequer.ledger.api.BalanceRule.CREDITS_MAY_NOT_EXCEED_DEBITS;
import static org.exchequer.ledger.api.BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Subjects;

/**
 * A small bank's chart of accounts with opening postings, so that a new ledger has something to look at and to post to;
 * some of its customers are persons, whose data is sealed.
 *
 * <p>Loaded once, into an empty ledger. Every command has a fixed key, so a load that was interrupted is completed at
 * the next start and never happens twice; a ledger with other content is left alone.
 */
public final class SampleBank {
    private static final Currency EUR = Currency.of("EUR");
    private static final Currency USD = Currency.of("USD");
    private static final Currency JPY = Currency.of("JPY");

    private static final Person ALICE = new Person("cust-1001", "Alice Moreau");
    private static final Person BOB = new Person("cust-1002", "Bob Stone");
    private static final Person CAROL = new Person("cust-1003", "Carol Ito");
    private static final Person DANA = new Person("cust-1004", "Dana Reyes");

    static final List<Command> COMMANDS = Stream.of(accounts().map(SampleBank::open), postings())
            .<Command>flatMap(commands -> commands)
            .toList();

    private SampleBank() {}

    /**
     * A customer who is a person: sealed, where the ledger has a master key.
     *
     * @param reference what the bank calls them by
     */
    private record Person(String reference, String name) {
        AccountSpec has(AccountSpec account) {
            return labelled(account, Map.of(Subjects.LABEL, reference, Subjects.PERSONAL + "name", name));
        }

        Command told(Command.Transfer transfer, String note) {
            return new Command.Transfer(
                    transfer.key(),
                    transfer.debitAccount(),
                    transfer.creditAccount(),
                    transfer.amount(),
                    new Details(
                            transfer.details().reference(),
                            null,
                            Map.of(Subjects.LABEL, reference, Subjects.PERSONAL + "note", note)));
        }
    }

    private static AccountSpec labelled(AccountSpec account, Map<String, String> labels) {
        return new AccountSpec(
                account.code(),
                account.name(),
                account.type(),
                account.normalSide(),
                account.currency(),
                account.parent(),
                account.rule(),
                account.overdraftLimit(),
                account.bounds(),
                labels);
    }

    /** What {@link #load} did. */
    public enum Result {
        LOADED,
        ALREADY_THERE,
        /** The ledger has content of its own. */
        NOT_WANTED
    }

    /** Whether it was loaded to its end before. */
    public static boolean isComplete(Ledger ledger) {
        return ledger.outcome(COMMANDS.getLast().key()).isPresent();
    }

    /**
     * Loads the sample bank if the ledger is empty, or goes on where an earlier load stopped.
     *
     * @throws IllegalStateException when the ledger does not take one of the commands; the next call goes on from there
     */
    public static Result load(Ledger ledger) {
        if (isComplete(ledger)) {
            return Result.ALREADY_THERE;
        }
        boolean begun = ledger.outcome(COMMANDS.getFirst().key()).isPresent();
        // A ledger of several shards begins with an account of its own on each.
        int own = ledger.accounts(Ledger.OWN_ACCOUNT, null, 100).items().size();
        if (ledger.lastSequence() > own && !begun) {
            return Result.NOT_WANTED;
        }
        COMMANDS.forEach(command -> take(ledger, command));
        return Result.LOADED;
    }

    static void take(Ledger ledger, Command command) {
        switch (ledger.execute(command)) {
            case Outcome.Posted posted -> {}
            case Outcome.Held held -> {}
            case Outcome.Released released -> {}
            case Outcome.Proposed proposed -> {}
            case Outcome.Dismissed dismissed -> {}
            case Outcome.DayClosed closed -> {}
            case Outcome.AccountChanged changed -> {}
            // The one hold and the one adjustment, where their accounts are on different shards.
            case Outcome.Rejected rejected when rejected.reason() == RejectionReason.NOT_ACROSS_SHARDS -> {}
            // A node without a master key: its customers, who are nobody's, stand in clear.
            case Outcome.Rejected rejected
            when rejected.reason() == RejectionReason.NOT_SEALABLE
                    && !inClear(command).equals(command) -> take(ledger, inClear(command));
            // So it was done by a start before this one, when there was no master key.
            case Outcome.Rejected rejected when rejected.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED -> {}
            case Outcome.Rejected rejected -> throw notTaken(command, rejected);
            case Outcome.Refused refused -> throw notTaken(command, refused);
            case Outcome.Unknown unknown -> throw notTaken(command, unknown);
        }
    }

    /** The same without the labels that say whom it is about, and what is personal. */
    private static Command inClear(Command command) {
        return switch (command) {
            case Command.OpenAccount open -> new Command.OpenAccount(open.key(), labelled(open.account(), Map.of()));
            case Command.Transfer transfer ->
                new Command.Transfer(
                        transfer.key(),
                        transfer.debitAccount(),
                        transfer.creditAccount(),
                        transfer.amount(),
                        new Details(
                                transfer.details().reference(),
                                null,
                                transfer.details().valueDate(),
                                Map.of()));
            case Command other -> other;
        };
    }

    private static IllegalStateException notTaken(Command command, Outcome outcome) {
        return new IllegalStateException("the sample bank stopped at " + command.key() + ": " + outcome);
    }

    private static Stream<AccountSpec> accounts() {
        return Stream.of(
                AccountSpec.summary("1000", "Assets", ASSET, null),
                account("1000.cash", "Vault, euro", ASSET, EUR, "1000", CREDITS_MAY_NOT_EXCEED_DEBITS),
                account("1000.cash-usd", "Vault, US dollar", ASSET, USD, "1000", CREDITS_MAY_NOT_EXCEED_DEBITS),
                AccountSpec.summary("1100", "Accounts with other banks (nostro)", ASSET, "1000"),
                account("1100.nostro.eur", "Central bank, euro", ASSET, EUR, "1100", BalanceRule.NONE),
                account("1100.nostro.usd", "Correspondent, US dollar", ASSET, USD, "1100", BalanceRule.NONE),
                account("1100.nostro.jpy", "Correspondent, yen", ASSET, JPY, "1100", BalanceRule.NONE),
                AccountSpec.summary("1200", "Loans to customers", ASSET, "1000"),
                BOB.has(account(
                        "1200.loan.bob", "Bob Stone, car loan", ASSET, EUR, "1200", CREDITS_MAY_NOT_EXCEED_DEBITS)),
                AccountSpec.summary("1900", "Positions between currencies", ASSET, "1000"),
                account("1900.fx.eur", "Currency position, euro", ASSET, EUR, "1900", BalanceRule.NONE),
                account("1900.fx.usd", "Currency position, US dollar", ASSET, USD, "1900", BalanceRule.NONE),
                AccountSpec.summary("2000", "Liabilities", LIABILITY, null),
                AccountSpec.summary("2000.cust", "Customers' deposits", LIABILITY, "2000"),
                ALICE.has(deposit("2000.cust.alice", "Alice Moreau, current account", EUR)
                        .limited(DEBITS_MAY_NOT_EXCEED_CREDITS, 50_000)),
                BOB.has(deposit("2000.cust.bob", "Bob Stone, current account", EUR)),
                CAROL.has(deposit("2000.cust.carol", "Carol Ito, current account", EUR)),
                CAROL.has(deposit("2000.cust.carol-jpy", "Carol Ito, yen account", JPY)),
                deposit("2000.cust.acme", "Acme Trading, business account", EUR),
                deposit("2000.cust.acme-usd", "Acme Trading, US dollar account", USD),
                DANA.has(deposit("2000.cust.dana", "Dana Reyes, savings account", EUR)
                        .bounded(new Bounds(1_000L, 2_500_000L))),
                account("2100.suspense.eur", "Suspense, euro", LIABILITY, EUR, "2000", BalanceRule.NONE),
                AccountSpec.summary("3000", "Equity", EQUITY, null),
                account("3000.capital", "Paid-in capital", EQUITY, EUR, "3000", BalanceRule.NONE),
                AccountSpec.summary("4000", "Income", INCOME, null),
                account("4000.fees", "Fees", INCOME, EUR, "4000", BalanceRule.NONE),
                account("4000.interest", "Interest received", INCOME, EUR, "4000", BalanceRule.NONE),
                AccountSpec.summary("5000", "Expense", EXPENSE, null),
                account("5000.interest", "Interest paid", EXPENSE, EUR, "5000", BalanceRule.NONE),
                account("5000.operations", "Operating expense", EXPENSE, EUR, "5000", BalanceRule.NONE));
    }

    private static Stream<Command> postings() {
        return Stream.of(
                transfer("capital", "1100.nostro.eur", "3000.capital", Money.of(100_000_000, "EUR"), "share capital"),
                transfer("vault", "1000.cash", "1100.nostro.eur", Money.of(5_000_000, "EUR"), "cash delivery"),
                transfer("alice", "1000.cash", "2000.cust.alice", Money.of(150_000, "EUR"), "cash deposit"),
                transfer("bob", "1100.nostro.eur", "2000.cust.bob", Money.of(80_000, "EUR"), "salary"),
                CAROL.told(
                        transfer("carol", "1100.nostro.eur", "2000.cust.carol", Money.of(242_050, "EUR"), "salary"),
                        "wages of Carol Ito for January"),
                transfer("carol-jpy", "1100.nostro.jpy", "2000.cust.carol-jpy", Money.of(300_000, "JPY"), "royalties"),
                transfer("acme", "1100.nostro.eur", "2000.cust.acme", Money.of(2_500_000, "EUR"), "invoice payments"),
                transfer("loan", "1200.loan.bob", "2000.cust.bob", Money.of(1_200_000, "EUR"), "car loan paid out"),
                transfer("fee", "2000.cust.acme", "4000.fees", Money.of(990, "EUR"), "account fee"),
                transfer("rent", "5000.operations", "1100.nostro.eur", Money.of(320_000, "EUR"), "office rent"),
                exchange(),
                transfer("dana", "1100.nostro.eur", "2000.cust.dana", Money.of(1_800_000, "EUR"), "savings"),
                interest(),
                hold(),
                adjustment());
    }

    /** Counts from the last day of the year before it was booked. */
    private static Command interest() {
        return new Command.Transfer(
                "sample-post-interest",
                "5000.interest",
                "2000.cust.carol",
                Money.of(1_215, "EUR"),
                Details.reference("interest for 2025").valued(LocalDate.of(2025, 12, 31)));
    }

    /** A card payment that the shop has not collected yet. */
    private static Command hold() {
        return new Command.Hold(
                "sample-hold-hotel",
                "2000.cust.alice",
                "2100.suspense.eur",
                Money.of(12_000, "EUR"),
                null,
                Details.reference("hotel deposit"));
    }

    /** A correction that somebody has to decide on. */
    private static Command adjustment() {
        return new Command.ProposeAdjustment(
                "sample-adjust-fee",
                List.of(
                        Leg.debit("4000.fees", Money.of(990, "EUR")),
                        Leg.credit("2000.cust.acme", Money.of(990, "EUR"))),
                "the account fee was waived in the contract",
                "sample-bank",
                Details.reference("account fee"));
    }

    /** Acme buys dollars: two currencies in one transaction, each balanced through the bank's own position. */
    private static Command exchange() {
        return new Command.Post(
                "sample-post-exchange",
                List.of(
                        Leg.debit("2000.cust.acme", Money.of(100_000, "EUR")),
                        Leg.credit("1900.fx.eur", Money.of(100_000, "EUR")),
                        Leg.debit("1900.fx.usd", Money.of(108_000, "USD")),
                        Leg.credit("2000.cust.acme-usd", Money.of(108_000, "USD"))),
                Details.reference("1,000.00 EUR into US dollars at 1.08"));
    }

    private static Command open(AccountSpec account) {
        return new Command.OpenAccount("sample-open-" + account.code(), account);
    }

    private static Command.Transfer transfer(String key, String debit, String credit, Money amount, String reference) {
        return new Command.Transfer("sample-post-" + key, debit, credit, amount, Details.reference(reference));
    }

    private static AccountSpec deposit(String code, String name, Currency currency) {
        return account(code, name, LIABILITY, currency, "2000.cust", DEBITS_MAY_NOT_EXCEED_CREDITS);
    }

    private static AccountSpec account(
            String code, String name, AccountType type, Currency currency, String parent, BalanceRule rule) {
        return AccountSpec.posting(code, name, type, currency, parent).limited(rule, 0);
    }
}
