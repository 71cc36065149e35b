package org.exchequer.lab.load.inward;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;

/** One attempt at the door of inward clearing, and what it tells. */
public final class InwardWire implements AutoCloseable {
    private static final String DOOR = "/inward/api/v1/messages";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(9);

    private final List<String> urls;
    private final String token;
    private final HttpClient http;

    /** What one attempt brought. */
    sealed interface Reply {
        /** An answer; {@code sha256} is of its bytes. */
        record Answer(String status, String payment, String sha256) implements Reply {}

        /** It was not taken. {@code again} tells whether it may be another time. */
        record Refused(String why, boolean again) implements Reply {}

        /** Nobody knows. */
        record Lost(String why) implements Reply {}
    }

    /**
     * @param urls where the nodes are reached, without a path
     * @param token bearer token, never logged
     */
    public InwardWire(List<String> urls, String token) {
        this.urls = List.copyOf(urls);
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** How many nodes there are. */
    int nodes() {
        return urls.size();
    }

    /** Sends a message to a node, from 0 on. */
    Reply send(int node, byte[] message) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(urls.get(Math.floorMod(node, urls.size())) + DOOR))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                .build();
        try {
            return judge(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (ConnectException refused) {
            return new Reply.Refused("connection refused", true);
        } catch (HttpConnectTimeoutException nobody) {
            return new Reply.Refused("no connection in time", true);
        } catch (HttpTimeoutException late) {
            return new Reply.Lost("no answer within " + TIMEOUT.toSeconds() + " s");
        } catch (IOException broken) {
            return new Reply.Lost("connection lost");
        }
    }

    private static Reply judge(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status == 200) {
            return new Reply.Answer(
                    response.headers().firstValue("Exchequer-Status").orElse(""),
                    response.headers().firstValue("Exchequer-Payment-Id").orElse(""),
                    Letter.sha256(response.body()));
        }
        if (status == 503 || status == 429 || status == 404) {
            return new Reply.Refused("HTTP " + status, true);
        }
        return status / 100 == 4 ? new Reply.Refused("HTTP " + status, false) : new Reply.Lost("HTTP " + status);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
