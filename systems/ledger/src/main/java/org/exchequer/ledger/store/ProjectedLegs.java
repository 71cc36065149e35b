package org.exchequer.ledger.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.platform.db.CopyBuffer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The legs of a stretch of the journal: read as it stands there, sorted by account in memory, and written as statement
 * pages, movements and balances. Sorting and adding up here costs the database half of what it costs in SQL, and it is
 * the database that has too little time.
 */
final class ProjectedLegs {
    /** So many legs end a stretch, at the next whole entry: about 100 MB with all that is made of them. */
    private static final int ENOUGH = 1 << 19;
    /** Journal entries read at a time; one has up to 1,000 legs. */
    private static final int CHUNK = 2_048;
    /** Lines of a statement page. */
    private static final int PAGE = 64;

    /** Enough for the legs of a stretch and of its last entry. */
    private static final int LEG_BITS = 20;
    /** Bytes of pages sent at a time. */
    private static final int PIECE = 1 << 20;

    private static final int NONE = Integer.MIN_VALUE;

    private static final String READ = """
            SELECT sequence, recorded_at, kind, debit_account, credit_account, amount, debit_balance, credit_balance,
                   legs, pending IS NOT NULL, booking_date, value_date,
                   reference IS NOT NULL OR correlation_id IS NOT NULL
              FROM journal WHERE outcome = 0 AND sequence >\s""";
    private static final String ADD_MOVEMENTS = """
            INSERT INTO movement AS m (account_id, booking_date, value_date, debits, credits)
            SELECT account, date '2000-01-01' + booked, date '2000-01-01' + valued, debits, credits
              FROM unnest(?::bigint[], ?::integer[], ?::integer[], ?::bigint[], ?::bigint[])
                   AS r (account, booked, valued, debits, credits)
            ON CONFLICT (account_id, booking_date, value_date) DO UPDATE
               SET debits = m.debits + excluded.debits, credits = m.credits + excluded.credits""";
    private static final String ADD_BALANCES = """
            INSERT INTO balance AS b (account_id, debits, credits)
            SELECT account, debits, credits
              FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS r (account, debits, credits)
            ON CONFLICT (account_id) DO UPDATE
               SET debits = b.debits + excluded.debits, credits = b.credits + excluded.credits""";
    private static final String COPY_PAGES =
            "COPY statement_page (account_id, first_sequence, first_leg, lines) FROM STDIN (FORMAT binary)";

    private int size;
    private long[] accounts = new long[4_096];
    private long[] sequences = new long[4_096];
    private short[] legs = new short[4_096];
    private long[] amounts = new long[4_096];
    private long[] balances = new long[4_096];
    /** Days since 2000, as PostgreSQL counts. */
    private int[] booked = new int[4_096];

    private int[] valued = new int[4_096];

    private long to;
    private boolean holds;
    private boolean adjustments;
    private boolean closings;
    private boolean references;

    private ProjectedLegs() {}

    /**
     * Reads the accepted journal entries after {@code from} and up to {@code to}, or fewer where they have very many
     * legs.
     */
    static ProjectedLegs read(Connection connection, long from, long to) throws SQLException {
        ProjectedLegs legs = new ProjectedLegs();
        for (long at = from; at < to && legs.size < ENOUGH; at = legs.to) {
            legs.to = Math.min(to, at + CHUNK);
            String range = at + " AND sequence <= " + legs.to + " ORDER BY sequence";
            try (CopyRows row = new CopyRows(connection, READ + range)) {
                while (legs.size < ENOUGH && row.next()) {
                    long sequence = legs.add(row);
                    if (legs.size >= ENOUGH) {
                        legs.to = sequence;
                    }
                }
            }
        }
        return legs;
    }

    /** The last journal entry that was read. */
    long to() {
        return to;
    }

    /** Whether something is reserved or released. */
    boolean hasHolds() {
        return holds;
    }

    /** Whether an adjustment is proposed or decided. */
    boolean hasAdjustments() {
        return adjustments;
    }

    /** Whether a day is closed. */
    boolean hasClosings() {
        return closings;
    }

    /** Whether something can be found by a reference. */
    boolean hasReferences() {
        return references;
    }

    /** Takes in a row, and returns its place. */
    private long add(CopyRows row) throws SQLException {
        long sequence = row.int8();
        int bookedOn = row.dayOfInstant();
        int kind = row.int2();
        Long debit = row.int8OrNull();
        Long credit = row.int8OrNull();
        Long amount = row.int8OrNull();
        Long debitBalance = row.int8OrNull();
        Long creditBalance = row.int8OrNull();
        long[] many = row.int8Array();
        holds |= row.bool();
        int otherDate = row.dayOr(NONE);
        bookedOn = otherDate == NONE ? bookedOn : otherDate;
        int valuedOn = row.dayOr(bookedOn);
        references |= row.bool();
        adjustments |= kind == Kind.PROPOSE_ADJUSTMENT || kind == Kind.DECIDE_ADJUSTMENT;
        closings |= kind == Kind.CLOSE_DAY;
        if (amount != null) {
            if (debit == null || credit == null || debitBalance == null || creditBalance == null) {
                throw new SQLException("journal entry " + sequence + " has an amount, and not all that belongs to it");
            }
            add(debit, sequence, 0, amount, debitBalance, bookedOn, valuedOn);
            add(credit, sequence, 1, -amount, creditBalance, bookedOn, valuedOn);
        }
        for (int i = 0; i < many.length; i += 3) {
            add(many[i], sequence, i / 3, many[i + 1], many[i + 2], bookedOn, valuedOn);
        }
        return sequence;
    }

    private void add(long account, long sequence, int leg, long amount, long balance, int bookedOn, int valuedOn) {
        if (size == accounts.length) {
            int capacity = size * 2;
            accounts = Arrays.copyOf(accounts, capacity);
            sequences = Arrays.copyOf(sequences, capacity);
            legs = Arrays.copyOf(legs, capacity);
            amounts = Arrays.copyOf(amounts, capacity);
            balances = Arrays.copyOf(balances, capacity);
            booked = Arrays.copyOf(booked, capacity);
            valued = Arrays.copyOf(valued, capacity);
        }
        accounts[size] = account;
        sequences[size] = sequence;
        legs[size] = (short) leg;
        amounts[size] = amount;
        balances[size] = balance;
        booked[size] = bookedOn;
        valued[size] = valuedOn;
        size++;
    }

    /** Writes what they change. In order of account, so that what belongs to one account shares pages. */
    void write(Connection connection) throws SQLException {
        if (size == 0) {
            return;
        }
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            order[i] = accounts[i] << LEG_BITS | i;
        }
        Arrays.sort(order);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY_PAGES);
        copy.writeToCopy(CopyBuffer.HEADER, 0, CopyBuffer.HEADER.length);
        CopyBuffer pages = new CopyBuffer();
        Sums movements = new Sums();
        Sums totals = new Sums();
        for (int from = 0; from < size; ) {
            int to = from;
            long account = order[from] >>> LEG_BITS;
            while (to < size && order[to] >>> LEG_BITS == account) {
                order[to] &= (1L << LEG_BITS) - 1;
                to++;
            }
            pages(pages, account, order, from, to);
            sums(movements, totals, account, order, from, to);
            from = to;
            if (pages.length() > PIECE || from == size) {
                copy.writeToCopy(pages.bytes(), 0, pages.length());
                pages.clear();
            }
        }
        copy.writeToCopy(CopyBuffer.TRAILER, 0, CopyBuffer.TRAILER.length);
        copy.endCopy();
        addMovements(connection, movements);
        addBalances(connection, totals);
    }

    private void pages(CopyBuffer pages, long account, long[] order, int from, int to) {
        for (int first = from; first < to; first += PAGE) {
            int end = Math.min(to, first + PAGE);
            int at = (int) order[first];
            pages.row(4);
            pages.int8(account);
            pages.int8(sequences[at]);
            pages.int2(legs[at]);
            pages.array(end - first, 4);
            for (int i = first; i < end; i++) {
                at = (int) order[i];
                pages.int8(sequences[at]);
                pages.int8(legs[at]);
                pages.int8(amounts[at]);
                pages.int8(balances[at]);
            }
        }
    }

    /** Nearly always all legs of an account in a stretch have the same two dates. */
    private void sums(Sums movements, Sums totals, long account, long[] order, int from, int to) {
        Map<Long, long[]> byDates = null;
        long dates = dates((int) order[from]);
        long debits = 0;
        long credits = 0;
        long allDebits = 0;
        long allCredits = 0;
        for (int i = from; i < to; i++) {
            int at = (int) order[i];
            long amount = amounts[at];
            if (dates(at) != dates) {
                byDates = byDates == null ? new TreeMap<>() : byDates;
                add(byDates, dates, debits, credits);
                dates = dates(at);
                debits = 0;
                credits = 0;
            }
            debits = Math.addExact(debits, Math.max(amount, 0));
            credits = Math.addExact(credits, Math.max(-amount, 0));
            allDebits = Math.addExact(allDebits, Math.max(amount, 0));
            allCredits = Math.addExact(allCredits, Math.max(-amount, 0));
        }
        totals.add(account, 0, allDebits, allCredits);
        if (byDates == null) {
            movements.add(account, dates, debits, credits);
        } else {
            add(byDates, dates, debits, credits);
            byDates.forEach((both, sum) -> movements.add(account, both, sum[0], sum[1]));
        }
    }

    private static void add(Map<Long, long[]> byDates, long dates, long debits, long credits) {
        long[] sum = byDates.computeIfAbsent(dates, key -> new long[2]);
        sum[0] = Math.addExact(sum[0], debits);
        sum[1] = Math.addExact(sum[1], credits);
    }

    /** Both dates of a leg in one number, in order of the booking date. */
    private long dates(int at) {
        return (long) booked[at] << Integer.SIZE | valued[at] & 0xffff_ffffL;
    }

    private static void addMovements(Connection connection, Sums sums) throws SQLException {
        Integer[] bookedOn = new Integer[sums.size];
        Integer[] valuedOn = new Integer[sums.size];
        for (int i = 0; i < sums.size; i++) {
            bookedOn[i] = (int) (sums.dates[i] >> Integer.SIZE);
            valuedOn[i] = (int) sums.dates[i];
        }
        try (PreparedStatement s = connection.prepareStatement(ADD_MOVEMENTS)) {
            s.setArray(1, numbers(connection, sums.accounts, sums.size));
            s.setArray(2, connection.createArrayOf("int4", bookedOn));
            s.setArray(3, connection.createArrayOf("int4", valuedOn));
            s.setArray(4, numbers(connection, sums.debits, sums.size));
            s.setArray(5, numbers(connection, sums.credits, sums.size));
            s.executeUpdate();
        }
    }

    private static void addBalances(Connection connection, Sums sums) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(ADD_BALANCES)) {
            s.setArray(1, numbers(connection, sums.accounts, sums.size));
            s.setArray(2, numbers(connection, sums.debits, sums.size));
            s.setArray(3, numbers(connection, sums.credits, sums.size));
            s.executeUpdate();
        }
    }

    private static Array numbers(Connection connection, long[] values, int size) throws SQLException {
        return connection.unwrap(PGConnection.class).createArrayOf("int8", Arrays.copyOf(values, size));
    }

    /** What accounts turned over, as columns. */
    private static final class Sums {
        private int size;
        private long[] accounts = new long[4_096];
        private long[] dates = new long[4_096];
        private long[] debits = new long[4_096];
        private long[] credits = new long[4_096];

        void add(long account, long bothDates, long debit, long credit) {
            if (size == accounts.length) {
                accounts = Arrays.copyOf(accounts, size * 2);
                dates = Arrays.copyOf(dates, size * 2);
                debits = Arrays.copyOf(debits, size * 2);
                credits = Arrays.copyOf(credits, size * 2);
            }
            accounts[size] = account;
            dates[size] = bothDates;
            debits[size] = debit;
            credits[size] = credit;
            size++;
        }
    }
}
