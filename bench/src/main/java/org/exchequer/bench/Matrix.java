package org.exchequer.bench;

import java.net.http.HttpClient;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;
import org.exchequer.bench.SqlBaseline.Style;
import org.exchequer.ledger.edge.grpc.GrpcLedger;

/** Numbers of callers × spreads of accounts × ways into the ledger, beside SQL and raw COPY in the same run. */
final class Matrix {
    /** With more callers than this, SQL only queues longer for its connections. */
    private static final int MOST_SQL_CALLERS = 2_048;

    private static final int BULK_ITEMS = 1_000;
    private static final int BULK_REQUESTS = 8;
    private static final int STREAM_CALLERS = 2_048;

    private final Bed bed;
    private final Report report;
    private final int accounts;
    private final long measureMs;
    private final boolean baseline;

    /** @param measureMs per row, warm-up not counted */
    Matrix(Bed bed, Report report, int accounts, long measureMs, boolean baseline) {
        this.bed = bed;
        this.report = report;
        this.accounts = accounts;
        this.measureMs = measureMs;
        this.baseline = baseline;
    }

    void run(List<Integer> callers) throws Exception {
        for (int count : callers) {
            for (Spread spread : Spread.values()) {
                compare(count, spread);
            }
        }
        bulkRest();
        grpcStream();
        long behind = bed.lag();
        report.line(
                "Statements were %,d journal entries behind at the end and level %,d ms later.", behind, bed.level());
        if (baseline) {
            floor();
        }
    }

    /**
     * Ledger and SQL of either style in turn, twice, because the machine's other work comes and goes; SQL with two
     * numbers of connections, of which the better counts.
     */
    private void compare(int count, Spread spread) throws Exception {
        Result own = null;
        Map<Style, Result> sql = new EnumMap<>(Style.class);
        for (int connections : count == 1 ? new int[] {1, 1} : count <= 32 ? new int[] {16, 32} : new int[] {32, 64}) {
            Result turn = measure(count, spread, measureMs / 2, Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED));
            own = own == null ? turn : own.plus(turn);
            if (baseline && count <= MOST_SQL_CALLERS) {
                for (Style style : Style.values()) {
                    sql.merge(style, sql(count, spread, style, connections, measureMs / 2), Matrix::better);
                }
            }
        }
        Optional<Result> ledger = Optional.ofNullable(own);
        ledger.ifPresent(result -> report.row(number(count), spread.text, "ledger", result, Optional.empty()));
        sql.forEach((style, best) -> report.row(number(count), spread.text, style.text, best, ledger));
    }

    /** One transaction per transfer over so many connections; what the ledger still projects is let through first. */
    Result sql(int count, Spread spread, Style style, int connections, long ms) throws Exception {
        bed.level();
        try (SqlBaseline sql = new SqlBaseline(bed.address(), connections, accounts)) {
            return measure(count, spread, ms, pairs -> {
                pairs.next();
                sql.transfer(style, Keys.TIME_ORDERED.next(), pairs.debit(), pairs.credit());
                return 1;
            });
        }
    }

    static Result better(Result one, Result other) {
        return other.perSecond() > one.perSecond() ? other : one;
    }

    private void bulkRest() throws Exception {
        try (Bed.Rest rest = bed.new Rest();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            Load.Caller caller = Doors.bulkRest(http, rest.url(), rest.token(), Keys.TIME_ORDERED, BULK_ITEMS);
            // The door's own code is cold: it was not called before.
            measure(BULK_REQUESTS, Spread.UNIFORM, measureMs, caller);
            report.row(
                    BULK_REQUESTS + " × " + number(BULK_ITEMS),
                    Spread.UNIFORM.text,
                    "bulk REST, per request",
                    measure(BULK_REQUESTS, Spread.UNIFORM, measureMs, caller),
                    Optional.empty());
        }
    }

    /** One stream that all callers share, as any other program's would. */
    private void grpcStream() throws Exception {
        try (Bed.Rest rest = bed.new Rest();
                GrpcLedger client = rest.client()) {
            Load.Caller caller = Doors.inProcess(client, Keys.TIME_ORDERED);
            measure(STREAM_CALLERS, Spread.UNIFORM, measureMs, caller);
            report.row(
                    number(STREAM_CALLERS),
                    Spread.UNIFORM.text,
                    "gRPC stream",
                    measure(STREAM_CALLERS, Spread.UNIFORM, measureMs, caller),
                    Optional.empty());
        }
    }

    private void floor() throws Exception {
        Result floor = CopyFloor.run(bed.address(), 400_000, bed.postmaster());
        report.row("1", Spread.UNIFORM.text, "raw COPY of the same rows", floor, Optional.empty());
    }

    Result measure(int count, Spread spread, long ms, Load.Caller caller) throws Exception {
        return Load.run(new Plan(count, spread, accounts, 500, ms), bed.postmaster(), caller);
    }

    static String number(int count) {
        return String.format(java.util.Locale.ROOT, "%,d", count);
    }
}
