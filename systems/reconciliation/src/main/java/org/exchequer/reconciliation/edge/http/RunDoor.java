package org.exchequer.reconciliation.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Objects;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.reconciliation.api.BadStatementException;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.Run;
import org.exchequer.reconciliation.api.RunOutcome;
import org.exchequer.reconciliation.api.RunRequest;
import org.exchequer.reconciliation.api.Statements;
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
    private final Statements statements;
    private final Ledger ledger;
    private final byte[] contract;

    RunDoor(Reconciliations reconciliations, Statements statements, Ledger ledger) {
        this.reconciliations = reconciliations;
        this.statements = statements;
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
        try {
            return statements.read(
                    asked,
                    new Statements.Upload(
                            body,
                            Requests.required(request, "format"),
                            Requests.required(request, "account"),
                            Requests.optional(request, "statementAccount", ""),
                            Requests.date(request, "from"),
                            Requests.date(request, "to"),
                            Requests.optional(request, "tolerance", "0"),
                            Requests.number(request, "days", 3, 0, 366),
                            Requests.flag(request, "byAmount")));
        } catch (FieldError wrong) {
            throw Requests.problem(ProblemCode.INVALID_PARAMETER, wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (BadStatementException bad) {
            throw new ProblemException(
                    Problem.of(422, "BAD_STATEMENT", "Bad statement", String.valueOf(bad.getMessage()))
                            .at(bad.field(), bad.rule()));
        }
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
}
