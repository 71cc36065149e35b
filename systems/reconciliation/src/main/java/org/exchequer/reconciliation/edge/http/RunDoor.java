package org.exchequer.reconciliation.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Objects;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.RunOutcome;
import org.exchequer.reconciliation.api.RunRequest;
import org.exchequer.reconciliation.edge.statement.BadStatementException;
import org.exchequer.reconciliation.edge.statement.Statement;
import org.exchequer.reconciliation.edge.statement.StatementFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Statements come in, runs come out. */
@RestController
@RequestMapping(ReconciliationDoors.BASE)
final class RunDoor {
    /** OpenAPI 3.1, written by hand; a test holds the server to it. */
    static final String CONTRACT = "/org/exchequer/reconciliation/openapi/openapi.yaml";

    private final Reconciliations reconciliations;
    private final Ledger ledger;
    private final byte[] contract;

    RunDoor(Reconciliations reconciliations, Ledger ledger) {
        this.reconciliations = reconciliations;
        this.ledger = ledger;
        try (InputStream in = Objects.requireNonNull(RunDoor.class.getResourceAsStream(CONTRACT), CONTRACT)) {
            contract = in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @PostMapping(
            path = "/runs",
            consumes = {
                MediaType.APPLICATION_OCTET_STREAM_VALUE,
                MediaType.APPLICATION_XML_VALUE,
                MediaType.TEXT_PLAIN_VALUE,
                "text/csv"
            })
    ResponseEntity<byte[]> run(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return Requests.answering(() -> {
            Requests.only(
                    request, "account", "format", "statementAccount", "from", "to", "tolerance", "days", "byAmount");
            byte[] statement = body == null ? new byte[0] : body;
            Request asked = Requests.request(request, statement);
            return answer(reconciliations.run(request(request, statement, asked)));
        });
    }

    private RunRequest request(HttpServletRequest request, byte[] body, Request asked) {
        String account = Requests.required(request, "account");
        Currency currency = ledger.account(account)
                .map(found -> found.spec().currency())
                .orElseThrow(() -> Requests.problem(
                        ProblemCode.INVALID_PARAMETER, "account", "must be a posting account of the ledger"));
        Requests.required(request, "format");
        StatementFormat format =
                Objects.requireNonNull(Requests.constant(request, "format", StatementFormat.class), "is required");
        Money tolerance;
        try {
            tolerance = Money.parse(Requests.optional(request, "tolerance", "0"), currency);
        } catch (IllegalArgumentException wrong) {
            throw Requests.problem(ProblemCode.INVALID_PARAMETER, "tolerance", String.valueOf(wrong.getMessage()));
        }
        Statement statement = read(format, body, currency, Requests.optional(request, "statementAccount", ""));
        return new RunRequest(
                asked,
                account,
                statement.account(),
                sha256(body),
                statement.lines(),
                statement.opening(),
                statement.closing(),
                date(request, "from", statement.from().orElse(null)),
                date(request, "to", statement.to().orElse(null)),
                tolerance.minorUnits(),
                Requests.number(request, "days", 3, 0, 366),
                Requests.flag(request, "byAmount"));
    }

    private static Statement read(StatementFormat format, byte[] body, Currency currency, String account) {
        try {
            return format.read(new ByteArrayInputStream(body), currency, account, Reconciliations.MAX_LINES);
        } catch (BadStatementException bad) {
            throw new ProblemException(
                    Problem.of(422, "BAD_STATEMENT", "Bad statement", String.valueOf(bad.getMessage()))
                            .at(bad.field(), "see detail"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("bytes in memory can be read", unreadable);
        }
    }

    private static LocalDate date(HttpServletRequest request, String name, @Nullable LocalDate ofStatement) {
        LocalDate given = Requests.date(request, name);
        LocalDate date = given != null ? given : ofStatement;
        if (date == null) {
            throw Requests.problem(ProblemCode.INVALID_PARAMETER, name, "is required where the statement has no lines");
        }
        return date;
    }

    private static ResponseEntity<byte[]> answer(RunOutcome outcome) {
        return switch (outcome) {
            case RunOutcome.Recorded recorded -> {
                Run run = recorded.run();
                ResponseEntity.BodyBuilder response = ResponseEntity.status(201)
                        .contentType(MediaType.APPLICATION_JSON)
                        .header("Location", ReconciliationDoors.BASE + "/runs/" + run.id());
                if (recorded.replayed()) {
                    response.header("Idempotency-Replayed", "true");
                }
                yield response.body(Requests.bytes(ReconciliationJson.run(run)));
            }
            case RunOutcome.KeyReused() ->
                throw new ProblemException(Problem.of(
                        409,
                        "IDEMPOTENCY_KEY_REUSED",
                        "Idempotency key reused",
                        "this key was used for another request"));
        };
    }

    @GetMapping("/runs")
    ResponseEntity<byte[]> runs(HttpServletRequest request) {
        return Requests.answering(() -> {
            Requests.only(request, "account", "cursor", "limit");
            return Requests.ok(ReconciliationJson.page(
                    reconciliations.runs(
                            request.getParameter("account"), request.getParameter("cursor"), Requests.limit(request)),
                    ReconciliationJson::run));
        });
    }

    @GetMapping("/runs/{runId}")
    ResponseEntity<byte[]> run(@PathVariable("runId") String id, HttpServletRequest request) {
        return Requests.answering(() -> {
            Requests.only(request);
            return Requests.ok(ReconciliationJson.run(find(id)));
        });
    }

    @GetMapping("/runs/{runId}/breaks")
    ResponseEntity<byte[]> breaks(@PathVariable("runId") String id, HttpServletRequest request) {
        return Requests.answering(() -> {
            Requests.only(request, "cursor", "limit");
            BreakFilter filter = new BreakFilter(find(id).id(), null, false, null, null, null);
            LocalDate today = ledger.businessDate();
            return Requests.ok(ReconciliationJson.page(
                    reconciliations.breaks(filter, request.getParameter("cursor"), Requests.limit(request)),
                    each -> ReconciliationJson.tracked(each, today)));
        });
    }

    private Run find(String id) {
        return reconciliations
                .run(Requests.id("runId", id))
                .orElseThrow(() -> new ProblemException(
                        Problem.of(404, "RUN_NOT_FOUND", "Run not found", "there is no run " + id)));
    }

    @GetMapping("/openapi.yaml")
    ResponseEntity<byte[]> contract(HttpServletRequest request) {
        Requests.only(request);
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(contract);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
