package org.exchequer.ledger.edge.node;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused;
import org.exchequer.ledger.store.WriterLease.Holder;

/**
 * Sends a command to the node that is the writer. What never left here is {@link Refused}; what may have arrived but
 * brought no answer is {@link Outcome.Unknown}.
 */
public final class NodeClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    public CompletableFuture<Outcome> send(Holder writer, Command command) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(writer.url() + NodeDoor.PATH))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header(NodeDoor.TOKEN, writer.token())
                .POST(HttpRequest.BodyPublishers.ofString(
                        NodeJson.MAPPER.writerFor(Command.class).writeValueAsString(command)))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .thenApply(NodeClient::outcome)
                .exceptionally(NodeClient::failed);
    }

    private static Outcome outcome(HttpResponse<String> response) {
        if (response.statusCode() == 200) {
            return NodeJson.MAPPER.readValue(response.body(), Outcome.class);
        }
        // The door answers 200 to every command that it took; anything else came before it was taken.
        return response.statusCode() < 500 || response.statusCode() == 503
                ? new Refused(Refused.Cause.NO_WRITER, 500)
                : new Outcome.Unknown("the writer answered with HTTP status " + response.statusCode());
    }

    private static Outcome failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                ? new Refused(Refused.Cause.NO_WRITER, 500)
                : new Outcome.Unknown(
                        "no answer from the writer: " + cause.getClass().getSimpleName());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
