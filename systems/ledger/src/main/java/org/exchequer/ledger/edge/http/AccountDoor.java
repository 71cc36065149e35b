package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.edge.http.Answer.Addressed;
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

/** Accounts: open, look at, change; their balances and statements. */
@RestController
@RequestMapping(Answer.BASE + "/accounts")
final class AccountDoor extends Door {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final Ledger ledger;
    private final Duration deadline;

    AccountDoor(Ledger ledger, Duration deadline) {
        this.ledger = ledger;
        this.deadline = deadline;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> open(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            Command.OpenAccount command = CommandJson.openAccount(key(request), bytes(body));
            return respond(Answer.to(await(ledger.submit(command), deadline), Addressed.NOTHING));
        });
    }

    @GetMapping
    ResponseEntity<byte[]> list(HttpServletRequest request) {
        return answering(() -> {
            only(request, "prefix", "cursor", "limit");
            String prefix = Optional.ofNullable(request.getParameter("prefix")).orElse("");
            String cursor = request.getParameter("cursor");
            if (cursor != null && !CODE.matcher(cursor).matches()) {
                throw new FieldError("cursor", "must be the value of 'next' from the page before");
            }
            return ok(LedgerJson.page(ledger.accounts(prefix, cursor, limit(request)), LedgerJson::account));
        });
    }

    @GetMapping("/{code}")
    ResponseEntity<byte[]> get(@PathVariable("code") String code, HttpServletRequest request) {
        return answering(() -> {
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
            var change = CommandJson.changeAccount(key(request), code, bytes(body));
            requireCurrency(change.command(), change.currency());
            return respond(Answer.to(await(ledger.submit(change.command()), deadline), Addressed.ACCOUNT));
        });
    }

    /**
     * The limit was read by the currency it was given in; in an account of another currency the same digits would be
     * another limit. A key that was decided before goes through to get its first answer again.
     */
    private void requireCurrency(Command.ChangeAccount command, @Nullable Currency given) {
        if (given == null) {
            return;
        }
        Optional<Currency> held =
                ledger.account(command.account()).map(account -> account.spec().currency());
        if (held.isPresent()
                && !held.get().equals(given)
                && ledger.outcome(command.key()).isEmpty()) {
            throw new FieldError("currency", "must be the account's, " + held.get());
        }
    }

    @GetMapping("/{code}/balance")
    ResponseEntity<byte[]> balance(@PathVariable("code") String code, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            return ok(ledger.balance(code).map(LedgerJson::balance).orElseThrow(() -> {
                existing(code);
                return notFound("ACCOUNT_IS_SUMMARY", "code", code + " groups others and has no balance of its own");
            }));
        });
    }

    @GetMapping("/{code}/statement")
    ResponseEntity<byte[]> statement(@PathVariable("code") String code, HttpServletRequest request) {
        return answering(() -> {
            only(request, "cursor", "limit");
            return ok(ledger.statement(code, request.getParameter("cursor"), limit(request))
                    .map(page -> LedgerJson.page(page, LedgerJson::line))
                    .orElseThrow(() -> noAccount(code)));
        });
    }

    private Account existing(String code) {
        return ledger.account(code).orElseThrow(() -> noAccount(code));
    }

    private static RuntimeException noAccount(String code) {
        return notFound("ACCOUNT_NOT_FOUND", "code", "there is no account " + code);
    }
}
