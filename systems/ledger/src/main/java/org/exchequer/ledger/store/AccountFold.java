package org.exchequer.ledger.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.store.Recovery.CorruptBooksException;
import org.jspecify.annotations.Nullable;

/**
 * What the journal's entries about accounts add up to: each account as its last entry left it. The account table must
 * say the same, limits and names included; whoever edits it there changes what the next start obeys.
 *
 * <p>Kept are 16 bytes per account: which entry was the last, and a digest of what it says. So a call reads only
 * entries that are new, and the table. Where digests differ, what they stand for is read and compared, so it does not
 * matter in which form an older version wrote it.
 */
public final class AccountFold {
    /** So many accounts that differ in their digest are looked at in one comparison; the others in the next one. */
    private static final int MOST_SUSPECTS = 10_000;

    private static final int FETCH = 1_000;
    private static final byte[] ID = "{\"id\":".getBytes(StandardCharsets.UTF_8);

    private long[] digests = new long[1_024];
    /** Of the last entry about the account; 0 where there is none. */
    private long[] sequences = new long[1_024];

    private int size;
    private long upTo;

    /**
     * What came of a comparison.
     *
     * @param accounts how many rows were compared
     * @param violation the first account that is another than the journal says, or empty
     */
    public record Compared(long accounts, String violation) {}

    /** One field of an account, by its name in the API. Amounts are shown; what may be personal is not. */
    private record Field(String name, boolean shown, Function<Account, @Nullable Object> of) {}

    private static final List<Field> FIELDS = List.of(
            new Field("code", true, Account::code),
            new Field("name", false, account -> account.spec().name()),
            new Field("type", true, account -> account.spec().type()),
            new Field("normalSide", true, account -> account.spec().normalSide()),
            new Field("currency", true, account -> account.spec().currency()),
            new Field("parent", true, account -> account.spec().parent()),
            new Field("rule", true, account -> account.spec().rule()),
            new Field("overdraftLimit", true, account -> account.spec().overdraftLimit()),
            new Field("minimumBalance", true, account -> account.spec().bounds().minimum()),
            new Field("maximumBalance", true, account -> account.spec().bounds().maximum()),
            new Field("metadata", false, account -> account.spec().metadata()),
            new Field("state", true, Account::state),
            new Field("openedAt", true, Account::openedAt));

    /**
     * Whether the journal has no more than this many entries to be taken in.
     *
     * @param connection in the transaction that the others are read in
     */
    static boolean isQuick(Connection connection, int entries) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT count(*)
                  FROM (SELECT FROM journal WHERE outcome = 0 AND kind IN (4, 5, 11) LIMIT ?) AS few""")) {
            s.setInt(1, entries + 1);
            try (ResultSet row = s.executeQuery()) {
                return row.next() && row.getInt(1) <= entries;
            }
        }
    }

    /** Compares all accounts with the whole journal, both as of one moment; {@code connection} is idle. */
    public static Compared compareAll(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement begin = connection.createStatement()) {
            begin.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return new AccountFold().compare(connection);
        } catch (CorruptBooksException noAccount) {
            return new Compared(0, String.valueOf(noAccount.getMessage()));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Takes in the entries that are new, and compares the table of the same moment with all. */
    public Compared compare(Connection connection) throws SQLException {
        read(connection);
        BitSet seen = new BitSet(size);
        List<Account> suspects = new ArrayList<>();
        try (AccountRows rows = new AccountRows(connection)) {
            for (Account account = rows.next(); account != null; account = rows.next()) {
                seen.set((int) account.id() - 1);
                if (suspects.size() < MOST_SUSPECTS && differs(account)) {
                    suspects.add(account);
                }
            }
        }
        return result(connection, seen, suspects);
    }

    /** The same of accounts that were read in this transaction. */
    Compared compare(Connection connection, Iterable<Account> accounts) throws SQLException {
        read(connection);
        BitSet seen = new BitSet(size);
        List<Account> suspects = new ArrayList<>();
        for (Account account : accounts) {
            seen.set((int) account.id() - 1);
            if (differs(account)) {
                suspects.add(account);
            }
        }
        return result(connection, seen, suspects);
    }

    private Compared result(Connection connection, BitSet seen, List<Account> suspects) throws SQLException {
        for (int from = 0; from < suspects.size(); from += FETCH) {
            String violation = violation(connection, suspects.subList(from, Math.min(suspects.size(), from + FETCH)));
            if (!violation.isEmpty()) {
                return new Compared(seen.cardinality(), violation);
            }
        }
        for (int i = seen.nextClearBit(0); i < size; i = seen.nextClearBit(i + 1)) {
            if (sequences[i] != 0) {
                return new Compared(
                        seen.cardinality(),
                        "account number " + (i + 1) + " of journal entry " + sequences[i] + " is not in the database");
            }
        }
        return new Compared(seen.cardinality(), "");
    }

    private void read(Connection connection) throws SQLException {
        try (CopyRows row = new CopyRows(connection, """
                SELECT sequence, kind, body FROM journal
                 WHERE outcome = 0 AND kind IN (4, 5, 11) AND sequence > %d ORDER BY sequence""".formatted(upTo))) {
            while (row.next()) {
                long sequence = row.int8();
                int kind = row.int2();
                if (kind == Kind.DECIDE_ADJUSTMENT) {
                    Account changed = JournalJson.changedBy(row.text());
                    if (changed != null) {
                        note(changed.id(), sequence, digest(changed));
                    }
                } else {
                    byte[] body = row.bytes();
                    note(id(body), sequence, digest(body));
                }
                upTo = sequence;
            }
        }
    }

    private void note(long id, long sequence, long digest) {
        int at = (int) id - 1;
        if (at >= digests.length) {
            int length = Math.max(2 * digests.length, at + 1);
            digests = Arrays.copyOf(digests, length);
            sequences = Arrays.copyOf(sequences, length);
        }
        digests[at] = digest;
        sequences[at] = sequence;
        size = Math.max(size, at + 1);
    }

    /** The number that the text begins with: no need to read all of it. */
    private static long id(byte[] body) {
        int at = ID.length;
        if (!Arrays.equals(body, 0, Math.min(at, body.length), ID, 0, at)) {
            return JournalJson.account(new String(body, StandardCharsets.UTF_8)).id();
        }
        long id = 0;
        for (; at < body.length && body[at] >= '0' && body[at] <= '9'; at++) {
            id = id * 10 + body[at] - '0';
        }
        return id;
    }

    private static long digest(Account account) {
        return digest(JournalJson.account(account).getBytes(StandardCharsets.UTF_8));
    }

    /** Of SHA-256, so that nobody can find another account that has it. */
    private static long digest(byte[] account) {
        return ByteBuffer.wrap(Digest.copy().digest(account)).getLong();
    }

    private boolean differs(Account account) {
        int at = (int) account.id() - 1;
        return at >= size || sequences[at] == 0 || digests[at] != digest(account);
    }

    private String violation(Connection connection, List<Account> suspects) throws SQLException {
        Map<Long, Account> said = said(connection, suspects);
        for (Account account : suspects) {
            int at = (int) account.id() - 1;
            if (at >= size || sequences[at] == 0) {
                return account.code() + " is in the database, but no entry of the journal opened it";
            }
            Account before = said.get(sequences[at]);
            if (before == null) {
                return account.code() + ": journal entry " + sequences[at] + " about it is gone";
            }
            String violation = difference(account, before, sequences[at]);
            if (!violation.isEmpty()) {
                return violation;
            }
            digests[at] = digest(account);
        }
        return "";
    }

    /** What the last entries about these accounts say, by sequence. */
    private Map<Long, Account> said(Connection connection, List<Account> of) throws SQLException {
        Long[] entries = of.stream()
                .map(account -> (int) account.id() - 1)
                .filter(at -> at < size)
                .map(at -> sequences[at])
                .toArray(Long[]::new);
        Map<Long, Account> said = new HashMap<>();
        Array array = connection.createArrayOf("bigint", entries);
        try (PreparedStatement s =
                connection.prepareStatement("SELECT sequence, kind, body FROM journal WHERE sequence = ANY (?)")) {
            s.setArray(1, array);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    String body = row.getString("body");
                    Account account = row.getInt("kind") == Kind.DECIDE_ADJUSTMENT
                            ? JournalJson.changedBy(body)
                            : JournalJson.account(body);
                    if (account != null) {
                        said.put(row.getLong("sequence"), account);
                    }
                }
            }
        } finally {
            array.free();
        }
        return said;
    }

    private static String difference(Account here, Account said, long sequence) {
        for (Field field : FIELDS) {
            if (!Objects.equals(field.of().apply(here), field.of().apply(said))) {
                return said.code() + ": " + field.name() + " is "
                        + (field.shown()
                                ? shown(here, field) + " in the database, " + shown(said, field) + " by journal entry "
                                        + sequence
                                : "another in the database than by journal entry " + sequence);
            }
        }
        return "";
    }

    private static String shown(Account account, Field field) {
        Object value = field.of().apply(account);
        Currency currency = account.spec().currency();
        return value instanceof Long amount && currency != null
                ? new Money(amount, currency).toString()
                : value == null ? "nothing" : value.toString();
    }
}
