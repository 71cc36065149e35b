package org.exchequer.lab.scenario;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.check.shards.ShardedEvidence.Mark;
import org.exchequer.lab.check.shards.ShardedEvidence.PartSize;
import org.exchequer.ledger.api.RejectionReason;

/**
 * Reads what is durable, once a run is over: with SQL of its own and past the program, which is not asked about itself.
 */
final class Collector {
    private static final String ACCOUNTS = """
            SELECT id, code, coalesce(currency, '') AS currency, rule, overdraft_limit FROM ledger.account""";

    private static final String JOURNAL = """
            SELECT sequence, kind, outcome, idempotency_key, debit_account, credit_account, amount, debit_balance,
                   credit_balance, legs, pending, refers_to,
                   metadata ->> '2pc.key' AS over_key, metadata ->> '2pc.parts' AS over_parts,
                   metadata ->> '2pc.reverses' AS over_reverses
              FROM ledger.journal ORDER BY sequence""";

    private static final String BALANCES = """
            SELECT account_id, debits, credits, pending_debits, pending_credits FROM ledger.balance""";

    private static final String ENDS = """
            SELECT (SELECT last_sequence FROM ledger.writer), (SELECT sequence FROM ledger.projection)""";

    private static final int FETCH_ROWS = 5_000;
    private static final Duration STEP = Duration.ofMillis(100);

    private final Connection connection;
    private final Map<Long, Account> accounts = new HashMap<>();
    private final Map<String, Mark> marks = new HashMap<>();

    private record Account(String code, String currency, String rule, long overdraftLimit) {}

    /** What an amount on hold is reserved on. */
    private record Reserved(long debitAccount, long creditAccount) {}

    Collector(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ACCOUNTS)) {
            while (rows.next()) {
                // EUR, or BTC/8 where the scale is the account's own.
                String currency = rows.getString("currency").split("/", 2)[0];
                accounts.put(
                        rows.getLong("id"),
                        new Account(
                                rows.getString("code"),
                                currency,
                                rows.getString("rule"),
                                rows.getLong("overdraft_limit")));
            }
        }
    }

    /** Waits until balances include the whole journal; false when they do not within the time. */
    static boolean awaitProjection(Connection connection, Duration most) throws SQLException, InterruptedException {
        for (long waited = 0; waited < most.toMillis(); waited += STEP.toMillis()) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(ENDS)) {
                if (row.next() && row.getLong(1) == row.getLong(2)) {
                    return true;
                }
            }
            Thread.sleep(STEP);
        }
        return false;
    }

    /** Every entry of the journal. */
    List<Entry> journal() throws SQLException {
        List<Entry> entries = new ArrayList<>();
        Map<Long, Reserved> holds = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery(JOURNAL)) {
                while (row.next()) {
                    entries.add(entry(row, holds));
                }
            }
        }
        return entries;
    }

    private Entry entry(ResultSet row, Map<Long, Reserved> holds) throws SQLException {
        long sequence = row.getLong("sequence");
        int kind = row.getInt("kind");
        int outcome = row.getInt("outcome");
        String rejection = outcome == 0 ? null : RejectionReason.ofCode(outcome).name();
        List<Leg> reserved = new ArrayList<>();
        long pending = row.getLong("pending");
        if (!row.wasNull() && pending != 0 && outcome == 0) {
            Reserved hold = kind == 6
                    ? new Reserved(row.getLong("debit_account"), row.getLong("credit_account"))
                    : holds.get(row.getLong("refers_to"));
            if (hold == null) {
                throw new IllegalStateException("entry " + sequence + " refers to a hold that is not in the journal");
            }
            if (kind == 6) {
                holds.put(sequence, hold);
            }
            reserved.add(leg(hold.debitAccount(), true, pending, null));
            reserved.add(leg(hold.creditAccount(), false, pending, null));
        }
        String key = row.getString("idempotency_key");
        if (kind == 6 && outcome == 0) {
            mark(key, row);
        }
        // What the ledger does by itself to move accounts nobody asked for.
        String word = key.startsWith("~mv:") ? "move" : kind(kind);
        return new Entry(sequence, key, word, rejection, legs(row), reserved);
    }

    /** What a hold says of its transaction over several shards, if it is one's. */
    private void mark(String key, ResultSet row) throws SQLException {
        String over = row.getString("over_key");
        String parts = row.getString("over_parts");
        if (over == null || parts == null) {
            return;
        }
        List<PartSize> sizes = new ArrayList<>();
        for (String part : parts.split(",", -1)) {
            String[] numbers = part.split(":", 2);
            sizes.add(new PartSize(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])));
        }
        String reverses = row.getString("over_reverses");
        marks.put(key.split(":", 3)[1], new Mark(over, sizes, reverses == null ? null : Long.valueOf(reverses)));
    }

    /** What the holds of the journal said of transactions over several shards, once that was read, by their names. */
    Map<String, Mark> marks() {
        return marks;
    }

    private List<Leg> legs(ResultSet row) throws SQLException {
        List<Leg> legs = new ArrayList<>();
        long amount = row.getLong("amount");
        if (!row.wasNull()) {
            legs.add(leg(row.getLong("debit_account"), true, amount, row.getLong("debit_balance")));
            legs.add(leg(row.getLong("credit_account"), false, amount, row.getLong("credit_balance")));
        }
        java.sql.Array array = row.getArray("legs");
        if (array != null) {
            Long[] numbers = (Long[]) array.getArray();
            for (int i = 0; i < numbers.length; i += 3) {
                legs.add(leg(numbers[i], numbers[i + 1] > 0, Math.abs(numbers[i + 1]), numbers[i + 2]));
            }
        }
        return legs;
    }

    private Leg leg(long id, boolean debit, long amount, @org.jspecify.annotations.Nullable Long balanceAfter) {
        Account account = account(id);
        return new Leg(account.code(), debit, amount, account.currency(), balanceAfter);
    }

    private Account account(long id) {
        Account account = accounts.get(id);
        if (account == null) {
            throw new IllegalStateException("the journal names account " + id + ", which does not exist");
        }
        return account;
    }

    /** The words of the history, where it has one. */
    private static String kind(int kind) {
        return switch (kind) {
            case 1 -> "transfer";
            case 2 -> "posting";
            case 3 -> "reverse";
            case 4 -> "open";
            case 5 -> "change";
            case 6 -> "hold";
            case 7 -> "post";
            case 8 -> "void";
            case 9 -> "expire";
            case 10 -> "propose";
            case 11 -> "decide";
            case 12 -> "close";
            default -> "kind " + kind;
        };
    }

    /** Balances as the projection has them. */
    Map<String, Balance> balances() throws SQLException {
        Map<String, Balance> balances = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(BALANCES)) {
            while (rows.next()) {
                balances.put(
                        account(rows.getLong("account_id")).code(),
                        new Balance(
                                rows.getLong("debits"),
                                rows.getLong("credits"),
                                rows.getLong("pending_debits"),
                                rows.getLong("pending_credits")));
            }
        }
        return balances;
    }

    /** How far each account may go. */
    Map<String, Limit> limits() {
        Map<String, Limit> limits = new HashMap<>();
        for (Account account : accounts.values()) {
            switch (account.rule()) {
                case "DEBITS_MAY_NOT_EXCEED_CREDITS" ->
                    limits.put(account.code(), new Limit(account.overdraftLimit(), null));
                case "CREDITS_MAY_NOT_EXCEED_DEBITS" ->
                    limits.put(account.code(), new Limit(null, account.overdraftLimit()));
                default -> limits.put(account.code(), new Limit(null, null));
            }
        }
        return limits;
    }

    /** What is to be published of this journal: every posted transaction, in order. */
    static List<Message> outbox(String stream, List<Entry> journal) {
        List<Message> messages = new ArrayList<>();
        for (Entry entry : journal) {
            if (entry.rejection() == null && !entry.legs().isEmpty()) {
                messages.add(new Message(stream, entry.position(), Topics.body(entry)));
            }
        }
        return messages;
    }
}
