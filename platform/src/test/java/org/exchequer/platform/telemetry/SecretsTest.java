package org.exchequer.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.nio.charset.StandardCharsets;
import org.exchequer.platform.web.StrictJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;

class SecretsTest {
    private static final String PLANTED = "s3cr3tV4lu3xyz";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer s3cr3tV4lu3xyz",
                "{\"Authorization\":\"Bearer s3cr3tV4lu3xyz\"}",
                "authorization=Basic s3cr3tV4lu3xyz==",
                "got bearer s3cr3tV4lu3xyz from the caller",
                "Cookie: exchequer=s3cr3tV4lu3xyz; theme=dark",
                "Set-Cookie: exchequer=s3cr3tV4lu3xyz; HttpOnly",
                "password=s3cr3tV4lu3xyz",
                "password: s3cr3tV4lu3xyz, user: me",
                "{\"password\":\"s3cr3tV4lu3xyz\"}",
                "{\"password\" : \"with \\\" quote s3cr3tV4lu3xyz\"}",
                "{\\\"password\\\":\\\"s3cr3tV4lu3xyz\\\"}",
                "spring.datasource.password=s3cr3tV4lu3xyz",
                "db_password='s3cr3tV4lu3xyz'",
                "PGPASSWD=s3cr3tV4lu3xyz",
                "postgresql://me:s3cr3tV4lu3xyz@127.0.0.1:5432/exchequer",
                "jdbc:postgresql://h/db?user=me&password=s3cr3tV4lu3xyz&ssl=true",
                "/console/login?token=s3cr3tV4lu3xyz",
                "access_token=s3cr3tV4lu3xyz&x=1",
                "client_secret=s3cr3tV4lu3xyz",
                "api-key: s3cr3tV4lu3xyz",
                "apiKey=s3cr3tV4lu3xyz",
                "eyJhbGciOiJFUzI1NiJ9.s3cr3tV4lu3xyz.s3cr3tV4lu3xyz",
                "eyJhbGciOiJub25lIn0.s3cr3tV4lu3xyz.",
                "-----BEGIN PRIVATE KEY-----\nMIG\ns3cr3tV4lu3xyz\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\ns3cr3tV4lu3xyz",
            })
    void secretsAreMasked(String text) {
        assertThat(Secrets.mask(text)).doesNotContain(PLANTED).contains("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "posted transaction 018f-22 for 10.50 EUR to 2000.cust.you",
                "the token has expired",
                "tokens: 5 verified",
                "GET /ledger/api/v1/accounts/2000/balance 200 in 812 micros",
                "connecting to postgresql://127.0.0.1:5432/exchequer as ledger",
                "no password was given",
            })
    void everythingElseIsLeftAlone(String text) {
        assertThat(Secrets.mask(text)).isSameAs(text);
    }

    @Test
    void whatStandsAroundASecretIsKept() {
        assertThat(Secrets.mask("user=me&password=" + PLANTED + "&ssl=true"))
                .isEqualTo("user=me&password=***&ssl=true");
        assertThat(Secrets.mask("x://me:" + PLANTED + "@host/db")).isEqualTo("x://me:***@host/db");
    }

    @Test
    void aLogLineIsOneJsonObjectWithoutSecretsAnywhere() {
        LoggerContext logs = new LoggerContext();
        logs.setMDCAdapter(new LogbackMDCAdapter());
        LoggingEvent event = new LoggingEvent(
                "x",
                logs.getLogger("here"),
                Level.INFO,
                "user {} with password={}",
                new IllegalStateException("connect postgresql://me:" + PLANTED + "@h/db"),
                new Object[] {"me", PLANTED});
        event.addKeyValuePair(new KeyValuePair("token", PLANTED));
        event.addKeyValuePair(new KeyValuePair("status", 200));
        String line = new String(new JsonLogEncoder().encode(event), StandardCharsets.UTF_8);
        assertThat(line).doesNotContain(PLANTED).endsWith("}\n");
        assertThat(line.strip()).doesNotContain("\n");
        JsonNode json = StrictJson.mapper().readTree(line);
        assertThat(json.path("message").asString()).isEqualTo("user me with password=***");
        assertThat(json.path("status").asInt()).isEqualTo(200);
        assertThat(json.path("time").asString()).endsWith("Z");
        assertThat(json.path("error").asString())
                .contains("IllegalStateException")
                .contains("SecretsTest");
        TextLogEncoder text = new TextLogEncoder();
        text.setContext(logs);
        text.start();
        assertThat(new String(text.encode(event), StandardCharsets.UTF_8)).doesNotContain(PLANTED);
    }
}
