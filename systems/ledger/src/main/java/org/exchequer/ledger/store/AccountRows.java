package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.store.CopyRows.Repeated;
import org.exchequer.ledger.store.Recovery.CorruptBooksException;
import org.jspecify.annotations.Nullable;

/**
 * The account table, whole and in no order. Thousands of accounts have the same parent, and there are no more than a
 * few types, rules and states.
 */
final class AccountRows implements AutoCloseable {
    private final Repeated<AccountType> type = new Repeated<>(AccountType::valueOf);
    private final Repeated<Side> normalSide = new Repeated<>(Side::valueOf);
    private final Repeated<Currency> currency = new Repeated<>(Currency::of);
    private final Repeated<String> parent = new Repeated<>(text -> text);
    private final Repeated<BalanceRule> rule = new Repeated<>(BalanceRule::valueOf);
    private final Repeated<Map<String, String>> metadata = new Repeated<>(JournalJson::metadata);
    private final Repeated<AccountState> state = new Repeated<>(AccountState::valueOf);
    private final CopyRows row;

    AccountRows(Connection connection) throws SQLException {
        row = CopyRows.ofTable(connection, """
                account (id, code, name, type, normal_side, currency, parent, rule, overdraft_limit, minimum_balance,
                         maximum_balance, metadata, state, opened_at)""");
    }

    /**
     * The next account; null behind the last.
     *
     * @throws CorruptBooksException naming it, when it is none that could have been opened
     */
    @Nullable
    Account next() throws SQLException {
        if (!row.next()) {
            return null;
        }
        long id = row.int8();
        String code = row.text();
        try {
            AccountSpec spec = new AccountSpec(
                    code,
                    row.text(),
                    row.repeated(type),
                    row.repeated(normalSide),
                    row.repeatedOrNull(currency),
                    row.repeatedOrNull(parent),
                    row.repeated(rule),
                    row.int8(),
                    bounds(row.int8OrNull(), row.int8OrNull()),
                    row.repeated(metadata));
            return new Account(id, spec, row.repeated(state), row.instant());
        } catch (FieldError error) {
            throw new CorruptBooksException(
                    code + " in the database is no account: " + error.field() + " " + error.getMessage());
        } catch (IllegalArgumentException unknown) {
            // Of an enumeration or a currency: the text would be quoted as it stands in the database.
            throw new CorruptBooksException(
                    code + " in the database is no account: its type, side, currency, rule or state is unknown");
        }
    }

    private static Bounds bounds(@Nullable Long minimum, @Nullable Long maximum) {
        return minimum == null && maximum == null ? Bounds.NONE : new Bounds(minimum, maximum);
    }

    @Override
    public void close() throws SQLException {
        row.close();
    }
}
