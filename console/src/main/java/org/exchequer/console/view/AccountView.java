package org.exchequer.console.view;

import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.StatementLine;
import org.jspecify.annotations.Nullable;

/**
 * An account made ready for reading.
 *
 * @param code its code
 * @param name its name
 * @param type e.g. {@code liability}
 * @param state e.g. {@code open} or {@code debit frozen}
 * @param takesDebits whether the state lets it be debited
 * @param takesCredits whether the state lets it be credited
 * @param normalSide {@code debit} or {@code credit}
 * @param currency code, or null for a summary account
 * @param parent code, or null at the top
 * @param rule in words, or empty when none guards the balance
 * @param overdraftLimit grouped, or empty without a rule
 * @param overdraftPlain the same as typed into a form
 * @param minimum least balance, grouped, or empty
 * @param minimumPlain the same as typed into a form
 * @param maximum greatest balance, grouped, or empty
 * @param maximumPlain the same as typed into a form
 * @param opened booking time of its opening
 * @param metadata the owner's labels
 * @param balance null for a summary account
 */
public record AccountView(
        String code,
        String name,
        String type,
        String state,
        boolean takesDebits,
        boolean takesCredits,
        String normalSide,
        @Nullable String currency,
        @Nullable String parent,
        String rule,
        String overdraftLimit,
        String overdraftPlain,
        String minimum,
        String minimumPlain,
        String maximum,
        String maximumPlain,
        Moment opened,
        Map<String, String> metadata,
        @Nullable BalanceView balance) {

    /**
     * A balance.
     *
     * @param posted grouped, positive on the account's normal side
     * @param available grouped
     * @param debits total of all debits
     * @param credits total of all credits
     * @param pendingDebits reserved to be debited, or empty
     * @param pendingCredits reserved to be credited, or empty
     * @param standing size and side
     * @param negative whether it stands on the other side than usual
     * @param asOf journal position
     */
    public record BalanceView(
            String posted,
            String available,
            String debits,
            String credits,
            String pendingDebits,
            String pendingCredits,
            Amounts.Net standing,
            boolean negative,
            String asOf) {
        static BalanceView of(Balance balance) {
            BigInteger net = BigInteger.valueOf(balance.debits()).subtract(BigInteger.valueOf(balance.credits()));
            Money available = balance.available();
            return new BalanceView(
                    Amounts.text(balance.posted()),
                    available == null ? "" : Amounts.text(available),
                    Amounts.text(balance.debits(), balance.currency()),
                    Amounts.text(balance.credits(), balance.currency()),
                    held(balance.pendingDebits(), balance.currency()),
                    held(balance.pendingCredits(), balance.currency()),
                    Amounts.Net.of(net, balance.currency()),
                    balance.posted().minorUnits() < 0,
                    Long.toString(balance.asOfSequence()));
        }

        private static String held(long amount, Currency currency) {
            return amount == 0 ? "" : Amounts.text(amount, currency);
        }

        /** Whether something is reserved. */
        public boolean isHeld() {
            return !pendingDebits.isEmpty() || !pendingCredits.isEmpty();
        }
    }

    /**
     * A line of the statement; one of the two amounts is empty.
     *
     * @param balance after the transaction, on the account's normal side
     */
    public record Line(
            long transactionId,
            String bookingDate,
            String valueDate,
            Moment booked,
            String debit,
            String credit,
            String balance,
            @Nullable String reference,
            @Nullable Long reversalOf) {
        public static Line of(StatementLine line) {
            String amount = Amounts.text(line.amount());
            boolean debit = line.side() == Side.DEBIT;
            return new Line(
                    line.transactionId(),
                    line.bookingDate().toString(),
                    line.valueDate().toString(),
                    Moment.of(line.bookedAt()),
                    debit ? amount : "",
                    debit ? "" : amount,
                    Amounts.text(line.balanceAfter()),
                    line.reference(),
                    line.reversalOf());
        }
    }

    /** The account with its balance, which a summary account has not. */
    public static AccountView of(Account account, @Nullable Balance balance) {
        AccountSpec spec = account.spec();
        boolean guarded = spec.rule() != BalanceRule.NONE;
        Currency currency = spec.currency();
        @Nullable Money limit = guarded && currency != null ? new Money(spec.overdraftLimit(), currency) : null;
        return new AccountView(
                spec.code(),
                spec.name(),
                Notice.words(spec.type()),
                Notice.words(account.state()),
                takes(account, Side.DEBIT),
                takes(account, Side.CREDIT),
                Amounts.name(spec.normalSide()),
                currency == null ? null : currency.code(),
                spec.parent(),
                guarded ? Notice.words(spec.rule()) : "",
                limit == null ? "" : Amounts.text(limit),
                limit == null ? "" : limit.toDecimal(),
                bound(spec.bounds().minimum(), currency, Amounts::text),
                bound(spec.bounds().minimum(), currency, Money::toDecimal),
                bound(spec.bounds().maximum(), currency, Amounts::text),
                bound(spec.bounds().maximum(), currency, Money::toDecimal),
                Moment.of(account.openedAt()),
                spec.metadata(),
                balance == null ? null : BalanceView.of(balance));
    }

    private static boolean takes(Account account, Side side) {
        return account.state() != AccountState.CLOSED && !account.state().freezes(side);
    }

    private static String bound(
            @Nullable Long minorUnits, @Nullable Currency currency, Function<Money, String> written) {
        return minorUnits == null || currency == null ? "" : written.apply(new Money(minorUnits, currency));
    }

    /** Whether it takes entries itself rather than grouping others. */
    public boolean isPosting() {
        return currency != null;
    }
}
