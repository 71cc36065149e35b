package org.exchequer.app.cli.ledger;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.PersonalData;
import org.exchequer.ledger.edge.csv.ImportFile;
import org.exchequer.ledger.edge.csv.ImportFormat;
import org.exchequer.ledger.edge.csv.ImportRow;
import org.exchequer.ledger.edge.http.BatchJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An import that sends no command: reads every row and looks its accounts up, in the ledger and among those that the
 * import itself would open. Balances and limits are not looked at, nor whether a key was used before.
 */
final class ImportCheck {
    private final LedgerClient client;
    private final ImportFormat format;
    private final ErrorFile errors;
    private final Map<String, Optional<Account>> accounts = new HashMap<>();
    private final Map<String, Seen> keys = new HashMap<>();
    private @Nullable LocalDate closedThrough;
    private long accountsToOpen;

    ImportCheck(LedgerClient client, ImportFormat format, ErrorFile errors) {
        this.client = client;
        this.format = format;
        this.errors = errors;
    }

    /**
     * What a check found.
     *
     * @param read rows, without header and blank lines
     * @param faulty rows that the ledger would refuse
     * @param unreadable rows that are not of the format
     * @param accountsToOpen accounts that the import would open
     */
    record Result(long read, long faulty, long unreadable, long accountsToOpen) {
        boolean complete() {
            return faulty == 0 && unreadable == 0;
        }
    }

    /** What a row is refused for, with the field that the ledger would name. */
    private record Fault(RejectionReason reason, String field, String detail) {}

    /** An account of the ledger, or one that a row before opens. */
    private record Account(AccountType type, @Nullable Currency currency, AccountState state) {
        static Account of(AccountSpec spec) {
            return new Account(spec.type(), spec.currency(), AccountState.OPEN);
        }
    }

    /** The first row with a key: its line, and what stands for its content. */
    private record Seen(long line, long digest) {}

    Result run(ImportFile file) throws IOException {
        closedThrough = closedThrough();
        long read = 0;
        long faulty = 0;
        long unreadable = 0;
        for (Optional<ImportRow> row = file.next(); row.isPresent(); row = file.next()) {
            read++;
            switch (row.get()) {
                case ImportRow.Unreadable broken -> {
                    unreadable++;
                    errors.add(broken, broken.code(), broken.field(), broken.rule());
                }
                case ImportRow.Movement movement -> {
                    Fault fault = fault(movement);
                    if (fault != null) {
                        faulty++;
                        errors.add(movement, fault.reason().name(), fault.field(), fault.detail());
                    }
                }
            }
        }
        return new Result(read, faulty, unreadable, accountsToOpen);
    }

    private @Nullable LocalDate closedThrough() {
        String day = LedgerAction.require(client.get("/days?limit=1"))
                .body()
                .at("/items/0/day")
                .asString("");
        return day.isEmpty() ? null : LocalDate.parse(day);
    }

    private @Nullable Fault fault(ImportRow.Movement row) {
        Seen seen = new Seen(row.line(), digest(row.command()));
        Seen before = keys.putIfAbsent(row.key(), seen);
        if (before != null) {
            return before.digest() == seen.digest()
                    ? null
                    : new Fault(
                            RejectionReason.IDEMPOTENCY_KEY_REUSED,
                            "key",
                            "line " + before.line() + " has the same key and other content");
        }
        FieldError inClear = PersonalData.inClear(row.command());
        if (inClear != null) {
            return new Fault(
                    RejectionReason.NOT_SEALABLE, inClear.field(), inClear.field() + " " + inClear.getMessage());
        }
        format.accounts(row.command()).forEach(this::plan);
        return switch (row.command()) {
            case Command.Transfer transfer -> transfer(transfer);
            case Command.Post post -> post(post);
            case Command.OpenAccount open -> open(open);
            case Command other -> throw new IllegalArgumentException("no row of an import asks for " + other);
        };
    }

    private static long digest(Command command) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(BatchJson.write(List.of(command)));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** An account that the import opens where it is missing. */
    private void plan(AccountSpec spec) {
        if (account(spec.code()).isEmpty()) {
            accounts.put(spec.code(), Optional.of(Account.of(spec)));
            accountsToOpen++;
        }
    }

    private Optional<Account> account(String code) {
        return accounts.computeIfAbsent(code, this::fetch);
    }

    private Optional<Account> fetch(String code) {
        Reply reply = client.get("/accounts/" + LedgerClient.encode(code));
        if (reply.status() == 404) {
            return Optional.empty();
        }
        JsonNode account = LedgerAction.require(reply).body();
        String currency = Reply.text(account, "currency");
        return Optional.of(new Account(
                AccountType.valueOf(Reply.text(account, "type")),
                currency.isEmpty() ? null : Currency.of(currency),
                AccountState.valueOf(Reply.text(account, "state"))));
    }

    private @Nullable Fault transfer(Command.Transfer transfer) {
        if (transfer.debitAccount().equals(transfer.creditAccount())) {
            return new Fault(
                    RejectionReason.SAME_ACCOUNT, "creditAccount", "debit and credit " + transfer.creditAccount());
        }
        return legs(
                List.of(
                        new Leg(transfer.debitAccount(), Side.DEBIT, transfer.amount()),
                        new Leg(transfer.creditAccount(), Side.CREDIT, transfer.amount())),
                List.of("debitAccount", "creditAccount"),
                transfer.details());
    }

    private @Nullable Fault post(Command.Post post) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < post.legs().size(); i++) {
            fields.add("legs[" + i + "].account");
        }
        Fault fault = legs(post.legs(), fields, post.details());
        return fault != null ? fault : unbalanced(post.legs());
    }

    private @Nullable Fault legs(List<Leg> legs, List<String> fields, Details details) {
        for (int i = 0; i < legs.size(); i++) {
            Fault fault = leg(legs.get(i), fields.get(i));
            if (fault != null) {
                return fault;
            }
        }
        LocalDate valueDate = details.valueDate();
        return valueDate == null || closedThrough == null || valueDate.isAfter(closedThrough)
                ? null
                : new Fault(
                        RejectionReason.VALUE_DATE_CLOSED,
                        "valueDate",
                        "value date " + valueDate + " lies in a closed day; closed through " + closedThrough);
    }

    private @Nullable Fault leg(Leg leg, String field) {
        Money amount = leg.amount();
        if (amount.minorUnits() <= 0) {
            return new Fault(
                    RejectionReason.AMOUNT_NOT_POSITIVE, "amount", "must be more than zero, is " + amount.toDecimal());
        }
        String code = leg.account();
        Account account = account(code).orElse(null);
        if (account == null) {
            return new Fault(RejectionReason.ACCOUNT_NOT_FOUND, field, "account " + code + " does not exist");
        }
        if (account.currency() == null) {
            return new Fault(RejectionReason.ACCOUNT_IS_SUMMARY, field, code + " is a summary account");
        }
        if (!account.currency().equals(amount.currency())) {
            return new Fault(
                    RejectionReason.CURRENCY_MISMATCH,
                    "amount",
                    code + " is in " + account.currency() + ", the amount in " + amount.currency());
        }
        if (account.state() == AccountState.CLOSED) {
            return new Fault(RejectionReason.ACCOUNT_CLOSED, field, code + " is closed");
        }
        return account.state().freezes(leg.side())
                ? new Fault(RejectionReason.ACCOUNT_FROZEN, field, code + " is " + account.state())
                : null;
    }

    private static @Nullable Fault unbalanced(List<Leg> legs) {
        Map<Currency, BigInteger> sums = new HashMap<>();
        for (Leg leg : legs) {
            BigInteger amount = BigInteger.valueOf(leg.amount().minorUnits());
            sums.merge(leg.amount().currency(), leg.side() == Side.DEBIT ? amount : amount.negate(), BigInteger::add);
        }
        return sums.values().stream().allMatch(sum -> sum.signum() == 0)
                ? null
                : new Fault(RejectionReason.UNBALANCED, "legs", "debits and credits differ");
    }

    /** An account that exists is no fault where this very row has opened it. */
    private @Nullable Fault open(Command.OpenAccount open) {
        AccountSpec spec = open.account();
        if (account(spec.code()).isPresent()) {
            return openedBy(open) ? null : new Fault(RejectionReason.ACCOUNT_EXISTS, "code", spec.code() + " exists");
        }
        String parent = spec.parent();
        if (parent != null) {
            Fault fault = hanging(spec, parent, account(parent).orElse(null));
            if (fault != null) {
                return fault;
            }
        }
        accounts.put(spec.code(), Optional.of(Account.of(spec)));
        accountsToOpen++;
        return null;
    }

    private boolean openedBy(Command.OpenAccount row) {
        Optional<Command> attempt = Optional.of(row);
        while (attempt.isPresent()) {
            Reply before = client.get(
                    "/commands?key=" + LedgerClient.encode(attempt.get().key()));
            if (!before.ok() || before.text("outcome").equals("ACCOUNT_CHANGED")) {
                return before.ok();
            }
            attempt = format.again(attempt.get());
        }
        return false;
    }

    private static @Nullable Fault hanging(AccountSpec spec, String code, @Nullable Account parent) {
        if (parent == null) {
            return new Fault(RejectionReason.PARENT_NOT_FOUND, "parent", "account " + code + " does not exist");
        }
        if (parent.currency() != null) {
            return new Fault(RejectionReason.PARENT_NOT_SUMMARY, "parent", code + " is a posting account");
        }
        if (parent.state() == AccountState.CLOSED) {
            return new Fault(RejectionReason.PARENT_CLOSED, "parent", code + " is closed");
        }
        return parent.type() == spec.type()
                ? null
                : new Fault(RejectionReason.TYPE_DIFFERS_FROM_PARENT, "type", code + " is of type " + parent.type());
    }
}
