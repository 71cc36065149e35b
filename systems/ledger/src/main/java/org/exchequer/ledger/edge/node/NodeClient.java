package org.exchequer.ledger.edge.node;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused;
import org.exchequer.ledger.store.WriterLease.Holder;

/**
 * Sends a command to the node that is the writer. What never left here or was refused at the door is {@link Refused};
 * what may have been taken but brought no outcome is {@link Outcome.Unknown}.
 */
public final class NodeClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    /** Sends one command. */
    public CompletableFuture<Outcome> send(Holder writer, Command command) {
        return send(
                writer,
                NodeDoor.PATH,
                NodeJson.MAPPER.writerFor(Command.class).writeValueAsString(command),
                body -> NodeJson.MAPPER.readValue(body, Outcome.class),
                outcome -> outcome);
    }

    /** Sends a linked batch. */
    public CompletableFuture<List<Outcome>> sendLinked(Holder writer, List<Command> commands) {
        return send(
                writer,
                NodeDoor.LINKED_PATH,
                NodeJson.MAPPER.writerFor(NodeJson.COMMANDS).writeValueAsString(commands),
                body -> NodeJson.MAPPER.readValue(body, NodeJson.OUTCOMES),
                outcome -> Collections.nCopies(commands.size(), outcome));
    }

    private <T> CompletableFuture<T> send(
            Holder writer, String path, String body, Function<String, T> read, Function<Outcome, T> failure) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(writer.url() + path))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header(NodeDoor.TOKEN, writer.token())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .thenApply(response ->
                        response.statusCode() == 200 ? read.apply(response.body()) : failure.apply(refused(response)))
                .exceptionally(trouble -> failure.apply(failed(trouble)));
    }

    private static Outcome refused(HttpResponse<String> response) {
        // 4xx comes from in front of the door: limits, or a path that does not exist. But 5xx says nothing unless the
        // door itself said it: a server whose time for the request was over may have taken the command before.
        boolean notTaken = response.headers().firstValue(NodeDoor.REFUSED).isPresent()
                || (response.statusCode() >= 400 && response.statusCode() < 500);
        return notTaken
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
