package org.exchequer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.ledger.jobs.SampleBank;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lines that the README and {@code up} tell a new user to try do what they say. */
class SampleLinesTest {
    private static final Pattern CURL =
            Pattern.compile("curl -H \"\\$A\"( -H \"\\$J\" -H \"Idempotency-Key: ([^\"]+)\")? http://[^/]+(/\\S+)"
                    + "(?: +\\\\\\s+-d '([^']+)')?");

    private final LedgerServer server = LedgerServer.start();

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void those_of_the_readme() throws Exception {
        assertWork(Files.readString(
                Path.of(System.getProperty("exchequer.home", "..")).resolve("README.md")));
    }

    @Test
    void those_printed_at_start() throws Exception {
        assertWork(Samples.curl(server.url(), ""));
    }

    private void assertWork(String text) throws IOException, InterruptedException {
        SampleBank.load(server.ledger());
        List<Integer> statuses = new ArrayList<>();
        String last = "";
        try (HttpClient http = HttpClient.newHttpClient()) {
            Matcher curl = CURL.matcher(text);
            while (curl.find()) {
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + curl.group(3)))
                        .header("Authorization", "Bearer " + server.token(Role.OPERATOR));
                if (curl.group(4) != null) {
                    request.header("Content-Type", "application/json")
                            .header("Idempotency-Key", curl.group(2))
                            .POST(BodyPublishers.ofString(curl.group(4)));
                }
                HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
                statuses.add(response.statusCode());
                last = response.body();
            }
        }
        assertThat(statuses).containsExactly(201, 201, 200);
        assertThat(last).contains("\"posted\":\"10.50\"");
    }
}
