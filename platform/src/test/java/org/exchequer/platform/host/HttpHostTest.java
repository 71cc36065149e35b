package org.exchequer.platform.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.platform.host.RunningHost.code;
import static org.exchequer.platform.host.RunningHost.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input over real HTTP: each gets an answer that names the field and the rule. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpHostTest {
    private static final String PHRASE = "{\"text\":\"hello\",\"times\":2,\"words\":[{\"word\":\"a\"}]}";

    private RunningHost host;

    @BeforeAll
    void start(@TempDir Path folder) {
        host = RunningHost.start(folder);
    }

    @AfterAll
    void stop() throws Exception {
        host.close();
    }

    @Test
    void aGoodRequestIsAnsweredOnAVirtualThread() throws Exception {
        HttpResponse<String> said = host.send(host.post(Role.TELLER, "/parrot/say", PHRASE));
        assertThat(said.statusCode()).isEqualTo(200);
        assertThat(said.body()).isEqualTo(PHRASE);
        HttpResponse<String> counted = host.send(host.as(Role.AUDITOR, "/parrot/count/3?times=4"));
        assertThat(json(counted).path("virtual").asBoolean()).isTrue();
        assertThat(counted.headers().firstValue("Server")).isEmpty();
        assertThat(counted.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(counted.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(csp -> assertThat(csp).contains("frame-ancestors 'none'"));
        assertThat(counted.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(cache -> assertThat(cache).contains("no-store"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":\"a\"                                | MALFORMED_BODY  | body",
                "nonsense                                       | MALFORMED_BODY  | body",
                "''                                             | MALFORMED_BODY  | body",
                "{\"text\":\"a\",\"times\":1,\"pin\":1}         | UNKNOWN_FIELD   | pin",
                "{\"words\":[{\"word\":\"a\"},{\"wrd\":\"b\"}]} | UNKNOWN_FIELD   | words[1].wrd",
                "{\"text\":\"a\",\"text\":\"b\"}                | DUPLICATE_FIELD | text",
                "{\"text\":1}                                   | WRONG_TYPE      | text",
                "{\"times\":\"1\"}                              | WRONG_TYPE      | times",
                "{\"times\":1.5}                                | WRONG_TYPE      | times",
                "{\"times\":99999999999}                        | WRONG_TYPE      | times",
                "{\"times\":null}                               | WRONG_TYPE      | times",
                "{\"words\":{}}                                 | WRONG_TYPE      | words",
                "[]                                             | WRONG_TYPE      | body",
                "{}                                             | MISSING_FIELD   | times",
                "{\"words\":[{\"word\":1,\"word\":2}]}          | WRONG_TYPE      | words[0].word",
                "{\"times\":1} {}                               | WRONG_TYPE      | body",
            })
    void badJsonIsRefusedWithTheFieldAndTheRule(String body, String code, String field) throws Exception {
        HttpResponse<String> answer = host.send(host.post(Role.TELLER, "/parrot/say", body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(code(answer)).as(answer.body()).isEqualTo(code);
        assertThat(json(answer).path("field").asString()).as(answer.body()).isEqualTo(field);
        assertThat(json(answer).path("rule").asString()).as(answer.body()).isNotBlank();
        assertThat(json(answer).path("traceId").asString()).matches("[0-9a-f]{32}");
        assertThat(answer.body()).doesNotContain("tools.jackson", "java.", "ParrotModule");
    }

    @ParameterizedTest
    @CsvSource({
        "/parrot/count/3,            400, MISSING_PARAMETER, times",
        "/parrot/count/x?times=1,    400, INVALID_PARAMETER, number",
        "/parrot/count/1?times=1e3,  400, INVALID_PARAMETER, times",
        "/parrot/header,             400, MISSING_HEADER, Idempotency-Key",
    })
    void badParametersAreNamed(String path, int status, String code, String field) throws Exception {
        HttpResponse<String> answer = host.send(host.as(Role.AUDITOR, path));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(code(answer)).isEqualTo(code);
        assertThat(json(answer).path("field").asString()).isEqualTo(field);
    }

    @Test
    void pathsMethodsAndMediaTypesThatDoNotExist() throws Exception {
        assertThat(code(host.send(host.as(Role.TELLER, "/nowhere")))).isEqualTo("NOT_FOUND");
        assertThat(code(host.send(host.as(Role.ADMIN, "/nowhere")))).isEqualTo("NOT_FOUND");
        HttpResponse<String> method =
                host.send(host.as(Role.TELLER, "/parrot/say").DELETE());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).hasValue("POST");
        assertThat(host.send(host.as(Role.ADMIN, "/parrot/say").DELETE()).statusCode())
                .isEqualTo(405);
        HttpResponse<String> media = host.send(host.as(Role.TELLER, "/parrot/say")
                .header("Content-Type", "text/xml")
                .POST(BodyPublishers.ofString("<a/>")));
        assertThat(media.statusCode()).isEqualTo(415);
        assertThat(code(media)).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
        HttpResponse<String> accept =
                host.send(host.post(Role.TELLER, "/parrot/say", PHRASE).header("Accept", "image/png"));
        assertThat(accept.statusCode()).isEqualTo(406);
        assertThat(code(accept)).isEqualTo("NOT_ACCEPTABLE");
    }

    @Test
    void aBugIsAnsweredWithoutItsInnards() throws Exception {
        HttpResponse<String> answer = host.send(host.as(Role.TELLER, "/parrot/break"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(code(answer)).isEqualTo("INTERNAL_ERROR");
        assertThat(answer.body()).doesNotContain("hunter2", "IllegalState");
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeItIsRead() throws Exception {
        String tenMegabytes = "\"" + "x".repeat(10 << 20) + "\"";
        HttpResponse<String> answer = host.send(host.post(Role.TELLER, "/parrot/say", tenMegabytes));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(code(answer)).isEqualTo("BODY_TOO_LARGE");
        assertThat(json(answer).path("rule").asString()).contains("1048576");
    }

    @Test
    void aChunkedBodyIsCutOffAtTheLimit() throws Exception {
        byte[] body = ("\"" + "x".repeat(3 << 20) + "\"").getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder chunked = host.as(Role.TELLER, "/parrot/say")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        HttpResponse<String> answer = host.send(chunked);
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(code(answer)).isEqualTo("BODY_TOO_LARGE");
    }

    @Test
    void limitsDifferByRoute() throws Exception {
        String phrase = "{\"text\":\"" + "x".repeat(100_000) + "\",\"times\":1}";
        assertThat(host.send(host.post(Role.TELLER, "/parrot/say", phrase)).statusCode())
                .isEqualTo(200);
        assertThat(host.send(host.post(Role.TELLER, "/parrot/other", phrase)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void aBodyThatTricklesInIsGivenUp() throws Exception {
        String head = "POST /parrot/say HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + host.token(Role.TELLER) + "\r\nContent-Length: 1000\r\n\r\n{\"text\":";
        String answer = raw(head);
        assertThat(answer).startsWith("HTTP/1.1 408");
        assertThat(answer).contains("REQUEST_TIMEOUT");
    }

    @Test
    void aBodyThatDripsInIsGivenUpAtItsDeadline() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", host.host.port());
                ScheduledExecutorService tap = Executors.newSingleThreadScheduledExecutor()) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /parrot/say HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Authorization: Bearer " + host.token(Role.TELLER)
                            + "\r\nContent-Length: 100000\r\n\r\n{\"text\":\"")
                    .getBytes(StandardCharsets.US_ASCII));
            Future<?> drops = tap.scheduleAtFixedRate(
                    () -> {
                        try {
                            out.write('x');
                            out.flush();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    0,
                    100,
                    TimeUnit.MILLISECONDS);
            byte[] answer = new byte[12];
            socket.getInputStream().readNBytes(answer, 0, answer.length);
            drops.cancel(false);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void whatIsNotHttpGetsAProblemWithoutTheServersVersion() throws Exception {
        String answer = raw("GET /a b c HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("BAD_REQUEST");
        assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("tomcat", "apache");
        String traversal = raw("GET /parrot/..;/x%2fy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(traversal).startsWith("HTTP/1.1 400").contains("BAD_REQUEST");
        assertThat(traversal.toLowerCase(Locale.ROOT)).doesNotContain("tomcat", "apache");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/parrot/a;b      | may not hold a semicolon",
                "/parrot/a%2fb    | may not hold an encoded slash",
                "/parrot/a%00     | may not hold a control character",
                "/parrot//a       | may not hold a double slash",
                "/parrot/a%5cb    | may not hold a backslash",
                "/parrot/a%25b    | may not hold an encoded percent sign",
                "/parrot/a%zz     | must have two hexadecimal digits after each %",
            })
    void theRuleThatAPathBreaksIsNamed(String path, String rule) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("BAD_REQUEST", rule);
    }

    @Test
    void aBodyWithoutItsMediaTypeIsToldWhichIsRead() throws Exception {
        HttpResponse<String> answer =
                host.send(host.as(Role.TELLER, "/parrot/say").POST(BodyPublishers.ofString(PHRASE)));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(json(answer).path("detail").asString())
                .startsWith("Content-Type is missing; this route reads application/json");
    }

    @Test
    void aHandlerThatTakesTooLongIsGivenUp() throws Exception {
        HttpResponse<String> answer = host.send(host.as(Role.TELLER, "/parrot/wait"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("TIMED_OUT");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", host.host.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
