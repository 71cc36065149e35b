package org.exchequer.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command.Transfer;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;

/** The ways into the ledger that are measured. A further one is a further method here and a row in {@link Matrix}. */
final class Doors {
    private static final Money CENT = new Money(1, Currency.of("EUR"));
    private static final byte[] POSTED = "\"status\":201".getBytes(StandardCharsets.US_ASCII);

    private Doors() {}

    /** The code of an account of the benchmark. */
    static String account(int number) {
        return "customer." + number;
    }

    /** A call of the interface, in the same process or through a client of it: one transfer. */
    static Load.AsyncCaller inProcess(Ledger ledger, Keys keys) {
        return pairs -> {
            pairs.next();
            Transfer transfer = new Transfer(
                    keys.next().toString(), account(pairs.debit()), account(pairs.credit()), CENT, Details.NONE);
            return ledger.submit(transfer).thenAccept(outcome -> {
                if (!(outcome instanceof Outcome.Posted)) {
                    throw new IllegalStateException("not posted: " + outcome);
                }
            });
        };
    }

    /** {@code POST /batches} over HTTP/1.1 with security and limits on, so many transfers in one request. */
    static Load.Caller bulkRest(HttpClient http, String url, String token, Keys keys, int items) {
        URI uri = URI.create(url + "/ledger/api/v1/batches");
        return pairs -> {
            StringBuilder body = new StringBuilder(items * 160).append("{\"items\":[");
            for (int i = 0; i < items; i++) {
                pairs.next();
                body.append(i == 0 ? "{\"command\":\"TRANSFER\",\"key\":\"" : ",{\"command\":\"TRANSFER\",\"key\":\"")
                        .append(keys.next())
                        .append("\",\"debitAccount\":\"customer.")
                        .append(pairs.debit())
                        .append("\",\"creditAccount\":\"customer.")
                        .append(pairs.credit())
                        .append("\",\"amount\":\"0.01\",\"currency\":\"EUR\"}");
            }
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    body.append("]}").toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            int posted = response.statusCode() == 200 ? occurrences(response.body()) : 0;
            if (posted != items) {
                throw new IllegalStateException(
                        "HTTP " + response.statusCode() + ": " + posted + " of " + items + " transfers posted");
            }
            return items;
        };
    }

    private static int occurrences(byte[] body) {
        int found = 0;
        for (int i = 0; i <= body.length - POSTED.length; i++) {
            int matched = 0;
            while (matched < POSTED.length && body[i + matched] == POSTED[matched]) {
                matched++;
            }
            found += matched == POSTED.length ? 1 : 0;
        }
        return found;
    }
}
