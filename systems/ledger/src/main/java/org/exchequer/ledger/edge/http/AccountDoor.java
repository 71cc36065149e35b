package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.edge.http.Answer.Addressed;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Accounts: open, look at, change; their balances, statements and holds. */
@RestController
@RequestMapping(Answer.BASE + "/accounts")
final class AccountDoor extends Door {

    private static final Set<String> OPEN = with(CommandJson.OPEN_ACCOUNT, "openingBalance");
    /** Behind the key of a request that opens an account with a balance: the key of the account itself. */
    private static final String ACCOUNT_KEY = "#account";

    private final Ledger ledger;
    private final Duration deadline;

    AccountDoor(Ledger ledger, Duration deadline) {
        this.ledger = ledger;
        this.deadline = deadline;
    }

    /**
     * With an opening balance it is a linked batch: both or neither. The request's key is the transfer's, so that the
     * same key without the balance is another request; the account's is derived from it.
     */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> open(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            String key = key(request);
            CommandJson.Opening opening = CommandJson.opening(key, fields(body, OPEN));
            Command.Transfer balance = opening.balance();
            if (balance == null) {
                return execute(ledger, new Command.OpenAccount(key, opening.account()), deadline);
            }
            requireMinimum(opening.account(), balance);
            if (key.length() + ACCOUNT_KEY.length() > 128) {
                throw new FieldError(
                        "idempotencyKey", "may have at most " + (128 - ACCOUNT_KEY.length()) + " characters here");
            }
            List<Command> both = List.of(new Command.OpenAccount(key + ACCOUNT_KEY, opening.account()), balance);
            List<Outcome> outcomes =
                    await(ledger.submitLinked(both), deadline, unknown -> Collections.nCopies(both.size(), unknown));
            return respond(opened(opening.account(), outcomes));
        });
    }

    /**
     * The core lets an account be filled up to its minimum little by little; who gives minimum and opening balance
     * together contradicts himself. A key that was decided before goes through to get its first answer again.
     */
    private void requireMinimum(AccountSpec account, Command.Transfer balance) {
        Long minimum = account.bounds().minimum();
        Money opening = balance.amount();
        if (minimum == null
                || opening.minorUnits() >= minimum
                || opening.minorUnits() <= 0
                || !opening.currency().equals(account.currency())
                || ledger.outcome(balance.key()).isPresent()) {
            return;
        }
        RejectionReason reason = RejectionReason.BELOW_MINIMUM_BALANCE;
        throw new ProblemException(Problem.of(
                        422,
                        reason.name(),
                        Answer.title(reason.name()),
                        account.code() + " would be opened with " + opening + ", less than its minimum balance of "
                                + new Money(minimum, opening.currency()))
                .at("openingBalance.amount", "must be at least minimumBalance")
                .with("retry", RejectionReason.Retry.NEVER.name()));
    }

    private static Answer opened(AccountSpec account, List<Outcome> outcomes) {
        if (outcomes.getFirst() instanceof Outcome.AccountChanged changed
                && outcomes.getLast() instanceof Outcome.Posted posted) {
            return Answer.success(
                    201,
                    LedgerJson.account(changed.account())
                            .put("openingTransactionId", posted.transaction().id()),
                    "/accounts/" + account.code(),
                    changed.replayed());
        }
        int culprit = BatchDoor.culprit(outcomes);
        Outcome outcome = outcomes.get(culprit);
        Problem problem = Objects.requireNonNull(Answer.problem(outcome, Addressed.NOTHING));
        if (problem.code().equals(RejectionReason.IDEMPOTENCY_KEY_REUSED.name())) {
            // Callers know the key that they gave, not the one made of it.
            problem = new Problem(
                    problem.status(),
                    problem.code(),
                    problem.title(),
                    problem.detail().replace(ACCOUNT_KEY, ""),
                    problem.field(),
                    problem.rule(),
                    problem.more());
        } else if (culprit == 1 && problem.field() != null) {
            String field = switch (problem.field()) {
                case "amount" -> "openingBalance.amount";
                case "debitAccount", "creditAccount" -> {
                    boolean own = problem.field().equals("debitAccount") == (account.normalSide() == Side.DEBIT);
                    yield own ? "openingBalance.amount" : "openingBalance.contraAccount";
                }
                default -> problem.field();
            };
            problem = new Problem(
                    problem.status(),
                    problem.code(),
                    problem.title(),
                    problem.detail(),
                    field,
                    problem.rule(),
                    problem.more());
        }
        return Answer.problem(problem, outcome, Answer.replayed(outcome));
    }

    @GetMapping
    ResponseEntity<byte[]> list(HttpServletRequest request) {
        return reading(() -> {
            only(request, "prefix", "cursor", "limit");
            String prefix = Optional.ofNullable(request.getParameter("prefix")).orElse("");
            return ok(LedgerJson.page(
                    ledger.accounts(prefix, request.getParameter("cursor"), limit(request)), LedgerJson::account));
        });
    }

    @GetMapping("/{code}")
    ResponseEntity<byte[]> get(@PathVariable("code") String code, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            return ok(LedgerJson.account(existing(code)));
        });
    }

    @PatchMapping(path = "/{code}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> change(
            @PathVariable("code") String code,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = fields(body, CommandJson.CHANGE_ACCOUNT);
            Command command =
                    new Command.ChangeAccount(key(request), CommandJson.change(code, fields), !isAdmin(request));
            return execute(ledger, command, deadline);
        });
    }

    @GetMapping("/{code}/balance")
    ResponseEntity<byte[]> balance(@PathVariable("code") String code, HttpServletRequest request) {
        return reading(() -> {
            only(request, "bookingDate", "valueDate");
            AsOf asOf = asOf(request);
            return ok(ledger.balance(code, asOf)
                    .map(balance -> ReportJson.asOf(ReportJson.balance(balance), asOf))
                    .orElseThrow(() -> noEntries(code)));
        });
    }

    /** An account and all under it. */
    @GetMapping("/{code}/rollup")
    ResponseEntity<byte[]> rollUp(@PathVariable("code") String code, HttpServletRequest request) {
        return reading(() -> {
            only(request, "bookingDate", "valueDate");
            AsOf asOf = asOf(request);
            List<Rollup> totals = ledger.rollUp(code, asOf).orElseThrow(() -> noAccount(code));
            return ok(ReportJson.asOf(ReportJson.rollUp(existing(code), totals), asOf));
        });
    }

    @GetMapping("/{code}/history")
    ResponseEntity<byte[]> history(@PathVariable("code") String code, HttpServletRequest request) {
        return reading(() -> {
            only(request, "from", "to");
            List<DayBalance> days = ledger.history(code, requiredDate(request, "from"), requiredDate(request, "to"))
                    .orElseThrow(() -> noEntries(code));
            return ok(LedgerJson.page(new Page<>(days, null), ReportJson::day));
        });
    }

    @GetMapping("/{code}/holds")
    ResponseEntity<byte[]> holds(@PathVariable("code") String code, HttpServletRequest request) {
        return reading(() -> {
            only(request, "cursor", "limit");
            return ok(ledger.pendingOf(code, request.getParameter("cursor"), limit(request))
                    .map(page -> LedgerJson.page(page, LedgerJson::pending))
                    .orElseThrow(() -> noEntries(code)));
        });
    }

    @GetMapping("/{code}/statement")
    ResponseEntity<byte[]> statement(@PathVariable("code") String code, HttpServletRequest request) {
        return reading(() -> {
            only(request, "from", "to", "cursor", "limit");
            Period period = new Period(optionalDate(request, "from"), optionalDate(request, "to"));
            return ok(ledger.statement(code, period, request.getParameter("cursor"), limit(request))
                    .map(page -> LedgerJson.page(page, LedgerJson::line))
                    .orElseThrow(() -> noEntries(code)));
        });
    }

    private static Set<String> with(Set<String> fields, String another) {
        Set<String> all = new HashSet<>(fields);
        all.add(another);
        return Set.copyOf(all);
    }

    private Account existing(String code) {
        return ledger.account(code).orElseThrow(() -> noAccount(code));
    }

    private RuntimeException noEntries(String code) {
        existing(code);
        return notFound(
                "ACCOUNT_IS_SUMMARY",
                "code",
                code + " groups others and has no entries of its own; ask for its rollup, or for an account under it");
    }

    private static RuntimeException noAccount(String code) {
        return notFound("ACCOUNT_NOT_FOUND", "code", "there is no account " + code);
    }
}
