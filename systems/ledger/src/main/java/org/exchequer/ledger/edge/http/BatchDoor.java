package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.edge.http.Answer.Addressed;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Many commands in one request: each for itself, or all or none. All are read before the first is sent. */
@RestController
@RequestMapping(Answer.BASE + BatchDoor.PATH)
final class BatchDoor extends Door {
    static final String PATH = "/batches";

    private final Ledger ledger;
    private final Duration deadline;
    private final Ticker ticker;

    BatchDoor(Ledger ledger, Duration deadline, Ticker ticker) {
        this.ledger = ledger;
        this.deadline = deadline;
        this.ticker = ticker;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> independent(
            @RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            List<Command> commands = commands(body, BatchJson.MAX_ITEMS, request);
            return results(BatchJson.results(commands, execute(commands)));
        });
    }

    @PostMapping(path = "/linked", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> linked(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            List<Command> commands = commands(body, Ledger.MAX_LINKED, request);
            List<Outcome> outcomes = await(
                    ledger.submitLinked(commands), deadline, unknown -> Collections.nCopies(commands.size(), unknown));
            int culprit = culprit(outcomes);
            return culprit < 0 ? results(BatchJson.results(commands, outcomes)) : refused(commands, outcomes, culprit);
        });
    }

    /** What became of the items of an accepted linked batch, which begins at this position. */
    @GetMapping("/linked/{linkedTo}")
    ResponseEntity<byte[]> linked(@PathVariable("linkedTo") String first, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            List<Outcome> outcomes = ledger.linked(id("linkedTo", first));
            if (outcomes.isEmpty()) {
                throw notFound("BATCH_NOT_FOUND", "linkedTo", "no accepted linked batch begins at position " + first);
            }
            return ok(LedgerJson.page(new Page<>(outcomes, null), Answer::fate));
        });
    }

    private static List<Command> commands(byte @Nullable [] body, int maxItems, HttpServletRequest request) {
        only(request);
        Set<BatchJson.Type> allowed = EnumSet.noneOf(BatchJson.Type.class);
        for (BatchJson.Type type : BatchJson.Type.values()) {
            if (isAdmin(request) || type.roles.stream().anyMatch(role -> request.isUserInRole(role.name()))) {
                allowed.add(type);
            }
        }
        AccessTrail.Acts acts = AccessTrail.Acts.of(request);
        byte[] bytes = body == null ? new byte[0] : body;
        return BatchJson.read(bytes, maxItems, caller(request), !isAdmin(request), (type, path) -> {
            if (!allowed.contains(type)) {
                String rule = "takes the role "
                        + type.roles.stream().map(Role::claim).sorted().collect(Collectors.joining(" or "));
                throw new ProblemException(Problem.of(ProblemCode.FORBIDDEN, path + " " + type + " " + rule)
                        .at(path, rule));
            }
            if (!type.roles.equals(LedgerDoors.POST)) {
                acts.about(type.name());
            }
        });
    }

    /**
     * Hands over the commands in their order. When the queue is full they wait for those before them; what still does
     * not get in then is refused with all that follows, so that nothing overtakes.
     */
    private List<Outcome> execute(List<Command> commands) {
        long end = ticker.nanos() + deadline.toNanos();
        List<CompletableFuture<Outcome>> sent = new ArrayList<>(commands.size());
        for (Command command : commands) {
            CompletableFuture<Outcome> outcome = ledger.submit(command);
            if (isRefused(outcome)) {
                if (sent.isEmpty() || isRefused(sent.getLast())) {
                    return outcomes(commands, sent, end, outcome);
                }
                await(sent.getLast(), left(end));
                outcome = ledger.submit(command);
                if (isRefused(outcome)) {
                    return outcomes(commands, sent, end, outcome);
                }
            }
            sent.add(outcome);
        }
        await(sent.getLast(), left(end)); // the others are there by then, and nobody has to be woken for each
        return outcomes(commands, sent, end, sent.getLast());
    }

    private static boolean isRefused(CompletableFuture<Outcome> outcome) {
        return outcome.isDone() && outcome.join() instanceof Refused;
    }

    private List<Outcome> outcomes(
            List<Command> commands,
            List<CompletableFuture<Outcome>> sent,
            long end,
            CompletableFuture<Outcome> forTheRest) {
        List<Outcome> outcomes = new ArrayList<>(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            outcomes.add(await(i < sent.size() ? sent.get(i) : forTheRest, left(end)));
        }
        return outcomes;
    }

    private Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - ticker.nanos()));
    }

    private static ResponseEntity<byte[]> results(byte[] body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }

    /** The item that speaks for a linked batch that was not accepted: the first with a reason of its own; else -1. */
    static int culprit(List<Outcome> outcomes) {
        int followed = -1;
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Rejected rejected -> {
                    if (rejected.reason() != RejectionReason.LINKED_ITEM_FAILED) {
                        return i;
                    }
                    followed = followed < 0 ? i : followed;
                }
                case Outcome.Refused refused -> {
                    return i;
                }
                case Outcome.Unknown unknown -> {
                    return i;
                }
                case Outcome.Posted posted -> {}
                case Outcome.Held held -> {}
                case Outcome.Released released -> {}
                case Outcome.Proposed proposed -> {}
                case Outcome.Dismissed dismissed -> {}
                case Outcome.DayClosed closed -> {}
                case Outcome.AccountChanged changed -> {}
            }
        }
        return followed;
    }

    private static ResponseEntity<byte[]> refused(List<Command> commands, List<Outcome> outcomes, int culprit) {
        Outcome outcome = outcomes.get(culprit);
        Problem problem = Objects.requireNonNull(Answer.problem(outcome, Addressed.NOTHING));
        String field = "items[" + culprit + "]"
                + (problem.field() == null || problem.field().isEmpty() ? "" : "." + problem.field());
        Problem named = new Problem(
                problem.status(),
                problem.code(),
                problem.title(),
                problem.detail(),
                field.replace(KEY, "key"),
                problem.rule(),
                problem.more());
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(problem.status()).contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE));
        Answer.retryAfterSeconds(outcome).ifPresent(seconds -> response.header("Retry-After", Long.toString(seconds)));
        return response.body(BatchJson.results(named, commands, outcomes));
    }
}
