package org.exchequer.reconciliation.edge.statement;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.RunRequest;
import org.exchequer.reconciliation.api.Statements;
import org.jspecify.annotations.Nullable;

/** Reads statements of accounts of a ledger. */
public final class StatementFiles implements Statements {
    private final Ledger ledger;

    public StatementFiles(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public RunRequest read(Request asked, Upload upload) {
        Currency currency = ledger.account(upload.account())
                .map(found -> found.spec().currency())
                .orElseThrow(() -> new FieldError("account", "must be a posting account of the ledger"));
        if (!FORMATS.contains(upload.format())) {
            throw new FieldError("format", "must be one of " + String.join(", ", FORMATS));
        }
        Statement statement = read(upload, currency);
        return new RunRequest(
                asked,
                upload.account(),
                statement.account(),
                sha256(upload.bytes()),
                statement.lines(),
                statement.opening(),
                statement.closing(),
                date("from", upload.from(), statement.from()),
                date("to", upload.to(), statement.to()),
                tolerance(upload, currency),
                upload.windowDays(),
                upload.byAmount());
    }

    private static long tolerance(Upload upload, Currency currency) {
        try {
            return Money.parse(upload.tolerance(), currency).minorUnits();
        } catch (IllegalArgumentException wrong) {
            throw new FieldError("tolerance", String.valueOf(wrong.getMessage()));
        }
    }

    private static Statement read(Upload upload, Currency currency) {
        try {
            return StatementFormat.valueOf(upload.format())
                    .read(
                            new ByteArrayInputStream(upload.bytes()),
                            currency,
                            upload.theirAccount(),
                            Reconciliations.MAX_LINES);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("bytes in memory can be read", unreadable);
        }
    }

    private static LocalDate date(String name, @Nullable LocalDate given, Optional<LocalDate> ofStatement) {
        return Optional.ofNullable(given)
                .or(() -> ofStatement)
                .orElseThrow(() -> new FieldError(name, "is required where the statement has no lines"));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
