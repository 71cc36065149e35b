package org.exchequer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users know it: a process that is started, told to stop, killed, and started again. */
class ProgramTest {
    private final HttpClient http = HttpClient.newHttpClient();

    /** One life of the program. */
    private static final class Life implements AutoCloseable {
        final Process process;
        final Path data;
        final List<String> lines = new ArrayList<>();
        private final BufferedReader output;

        Life(Path data) throws IOException {
            this.data = data;
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-Dexchequer.kafka.lib=" + System.getProperty("exchequer.kafka.lib"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "up",
                            "--port",
                            "0",
                            "--data",
                            data.toString())
                    .redirectErrorStream(true)
                    .start();
            output = process.inputReader(StandardCharsets.UTF_8);
        }

        /** Reads what it says until a line starts like this, or it says no more. */
        String until(String start) throws IOException {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.strip().startsWith(start)) {
                    return line.strip();
                }
            }
            throw new AssertionError("never said \"" + start + "\":\n" + String.join("\n", lines));
        }

        RuntimeFile runtime() {
            return RuntimeFile.find(data).orElseThrow();
        }

        @Override
        public void close() throws Exception {
            process.destroyForcibly();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void itStartsStopsAndSurvivesBeingKilled(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data of mine");
        try (Life life = new Life(data)) {
            life.until("Ready in");
            String link = life.until("Console").replaceFirst("Console +", "");
            assertThat(get(link).statusCode()).isEqualTo(200);
            RuntimeFile runtime = life.runtime();
            assertThat(runtime.pid()).isEqualTo(life.process.pid());
            assertThat(get(runtime.url() + "/ready").statusCode()).isEqualTo(200);
            openAccount(life);
            assertThat(balance(life)).isEqualTo(200);
            assertThat(accesses(life))
                    .containsSubsequence(
                            "\"method\":\"GET\",\"target\":\"/ledger/api/v1/accounts/2000.cust.test/balance\"",
                            "\"method\":\"POST\",\"target\":\"/ledger/api/v1/accounts\"");
            assertThat(missingMetrics(life))
                    .as("named in alerts and never told")
                    .isEmpty();
            // Not the process's own destroy(), which would close the stream that we read its words from.
            assertThat(life.process.toHandle().destroy()).isTrue();
            life.until("Stopped in");
            assertThat(life.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(life.process.exitValue()).as("an orderly stop").isZero();
            assertThat(RuntimeFile.find(data)).isEmpty();
        }
        try (Life life = new Life(data)) {
            life.until("PostgreSQL");
            assertThat(StartingFile.find(data))
                    .hasValueSatisfying(starting -> assertThat(starting.pid()).isEqualTo(life.process.pid()));
            life.until("Ready in");
            assertThat(StartingFile.find(data)).isEmpty();
            assertThat(balance(life)).isEqualTo(200);
            // As kill -9 does.
            life.process.destroyForcibly();
            assertThat(life.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(RuntimeFile.find(data)).isEmpty();
        }
        try (Life life = new Life(data)) {
            life.until("Ready in");
            assertThat(balance(life)).isEqualTo(200);
        }
    }

    private HttpResponse<String> get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    /** As {@code exchequer token} makes one: with the key in the data directory. */
    private static HttpRequest.Builder request(Life life, String path) {
        LocalIssuer issuer = LocalIssuer.open(life.data.resolve(Program.SECURITY));
        String token = issuer.token(
                "test", Set.of(Role.OPERATOR, Role.AUDITOR), Clock.systemUTC().instant(), Duration.ofMinutes(5));
        return HttpRequest.newBuilder(URI.create(life.runtime().url() + path))
                .header("Authorization", "Bearer " + token);
    }

    private void openAccount(Life life) throws Exception {
        HttpResponse<String> opened = http.send(
                request(life, "/ledger/api/v1/accounts")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "program-test")
                        .POST(BodyPublishers.ofString("""
                                {"code":"2000.cust.test","name":"Test","type":"LIABILITY","currency":"EUR",
                                 "parent":"2000.cust"}"""))
                        .build(),
                BodyHandlers.ofString());
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    }

    /** The metrics that the alert rules name, and the program does not expose from its start on. */
    private List<String> missingMetrics(Life life) throws Exception {
        String exposed = http.send(request(life, "/metrics").build(), BodyHandlers.ofString())
                .body();
        String rules = Files.readString(Path.of("../deploy/prometheus/exchequer-alerts.yaml"));
        return Pattern.compile("(?:exchequer|ledger)(?:_[a-z]+)+")
                .matcher(rules)
                .results()
                .map(MatchResult::group)
                .filter(name -> !name.startsWith("exchequer_invariant_")) // first told after a minute
                .filter(name -> !exposed.contains(name))
                .toList();
    }

    /** Who looked and acted, newest first. */
    private String accesses(Life life) throws Exception {
        HttpResponse<String> page =
                http.send(request(life, "/access/api/v1/entries").build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return page.body();
    }

    private int balance(Life life) throws Exception {
        return http.send(
                        request(life, "/ledger/api/v1/accounts/2000.cust.test/balance")
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }
}
