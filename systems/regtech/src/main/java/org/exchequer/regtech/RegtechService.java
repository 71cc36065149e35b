package org.exchequer.regtech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.prooflog.SigningKey;
import org.exchequer.regtech.api.Pack;
import org.exchequer.regtech.api.PackRequest;
import org.exchequer.regtech.api.Packs;
import org.exchequer.regtech.core.Reports;
import org.exchequer.regtech.core.Table;
import org.exchequer.regtech.edge.PackFiles;
import org.exchequer.regtech.edge.render.PdfTable;
import org.exchequer.regtech.edge.render.Rendered;
import org.jspecify.annotations.Nullable;

/** Asks the ledger, decides on rows, renders, signs. */
final class RegtechService implements Packs {
    /** Rows of a report: so many can be printed and kept in memory three times over. */
    private static final int MOST_ROWS = 100_000;

    private static final int MOST_SCANNED = 1_000_000;
    private static final int PAGE = 1_000;

    private final Ledger ledger;
    private final Proofs proofs;
    private final @Nullable SigningKey key;

    RegtechService(Ledger ledger, Proofs proofs, @Nullable SigningKey key) {
        this.ledger = ledger;
        this.proofs = proofs;
        this.key = key;
    }

    @Override
    public Optional<String> key() {
        return key == null ? Optional.empty() : Optional.of(key.key().vkey());
    }

    @Override
    public Pack make(PackRequest request) {
        SigningKey signing = key;
        if (signing == null) {
            throw new LedgerUnavailableException("this process keeps no files, and so no key to sign with");
        }
        LocalDate businessDate = ledger.businessDate();
        if (request.date().isAfter(businessDate)) {
            throw new FieldError("date", "must not be after the business day " + businessDate);
        }
        // Asked before anything is read: of a day that was closed by then, all that follows is final.
        boolean closed = ledger.closes(null, 1).items().stream()
                .anyMatch(close -> !close.day().isBefore(request.date()));
        TrialBalance balance = ledger.trialBalance(AsOf.booking(request.date()));
        TrialBalance before = ledger.trialBalance(AsOf.booking(request.date().minusDays(request.dormantDays())));
        List<Transaction> extract = extract(request);
        SortedMap<String, byte[]> files = new TreeMap<>();
        Map<Long, String> proven = prove(extract, files);
        List<Table> tables = List.of(
                Reports.trialBalance(balance),
                Reports.largeMovements(extract, request),
                Reports.dormant(accounts(), before, balance, request),
                Reports.auditExtract(extract, request, proven));
        try {
            for (Table table : tables) {
                requireRows(table);
                files.put(table.name() + ".csv", Rendered.csv(table));
                files.put(table.name() + ".json", Rendered.json(table));
                files.put(table.name() + ".pdf", PdfTable.render(table, subtitle(request)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        String manifest = PackFiles.manifest(request, closed, proofs.logs(), files);
        files.put(Pack.MANIFEST, signing.sign(manifest, Instant.EPOCH).render().getBytes(StandardCharsets.UTF_8));
        return new Pack("regulatory-pack-" + request.date(), files);
    }

    private static String subtitle(PackRequest request) {
        return "booked " + request.from() + " to " + request.date();
    }

    private static void requireRows(Table table) {
        if (table.rows().size() > MOST_ROWS) {
            throw new FieldError(
                    "date", "has " + table.rows().size() + " rows of " + table.name() + ", a pack takes " + MOST_ROWS);
        }
    }

    /** What was booked in the time and has to be explained, oldest first. They come newest first. */
    private List<Transaction> extract(PackRequest request) {
        List<Transaction> found = new ArrayList<>();
        String cursor = null;
        long scanned = 0;
        do {
            Page<Transaction> page = ledger.latest(cursor, PAGE);
            for (Transaction transaction : page.items()) {
                if (transaction.bookingDate().isBefore(request.from())) {
                    return found.reversed();
                }
                boolean within = !transaction.bookingDate().isAfter(request.date());
                if (within && !Reports.reason(transaction, request).isEmpty()) {
                    if (found.size() == PackFiles.MOST_PROOFS) {
                        throw tooMany();
                    }
                    found.add(transaction);
                }
            }
            scanned += page.items().size();
            if (scanned > MOST_SCANNED) {
                throw new FieldError("from", "lies more than " + MOST_SCANNED + " transactions back");
            }
            cursor = page.next();
        } while (cursor != null);
        return found.reversed();
    }

    private List<Account> accounts() {
        List<Account> accounts = new ArrayList<>();
        String cursor = null;
        do {
            Page<Account> page = ledger.accounts("", cursor, PAGE);
            accounts.addAll(page.items());
            if (accounts.size() > MOST_ROWS) {
                throw new FieldError("date", "has more than " + MOST_ROWS + " accounts to look at");
            }
            cursor = page.next();
        } while (cursor != null);
        return accounts;
    }

    /** What is known of the proof of each transaction: the names of its files, one per shard that it is on. */
    private Map<Long, String> prove(List<Transaction> transactions, SortedMap<String, byte[]> files) {
        Map<Long, String> proven = new TreeMap<>();
        for (Transaction transaction : transactions) {
            proven.put(
                    transaction.id(),
                    proofs.parts(transaction.id()).stream()
                            .map(part -> prove(part, files))
                            .distinct()
                            .collect(Collectors.joining(" ")));
            if (files.size() > PackFiles.MOST_PROOFS) {
                throw tooMany();
            }
        }
        return proven;
    }

    private String prove(long position, SortedMap<String, byte[]> files) {
        return switch (proofs.prove(position)) {
            case Proofs.Proof.Bundle bundle -> {
                String name = PackFiles.proof(position);
                files.put(name, bundle.text().getBytes(StandardCharsets.UTF_8));
                yield name;
            }
            case Proofs.Proof.NotReady notReady -> notReady.why();
            case Proofs.Proof.Purged ignored -> "purged from the proof log by policy";
        };
    }

    private static FieldError tooMany() {
        return new FieldError(
                "threshold",
                "leaves more than " + PackFiles.MOST_PROOFS + " entries to prove: raise it, or choose less time");
    }
}
