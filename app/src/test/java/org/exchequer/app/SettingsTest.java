package org.exchequer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.platform.telemetry.LogSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void nothingIsNeeded() {
        Settings settings = Settings.from(Map.of());
        assertThat(settings.database()).isNull();
        assertThat(settings.bind()).isEqualTo("127.0.0.1");
        assertThat(settings.metricsOpen()).isTrue();
        assertThat(settings.tokens().issuer()).isEqualTo("exchequer-local");
        assertThat(settings.log()).isEqualTo(LogSetup.Format.TEXT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EXCHEQUER_RATE_LIMIT   | 0                 | whole number from 1",
                "EXCHEQUER_RATE_LIMIT   | many              | whole number from 1",
                "EXCHEQUER_MAX_BODY     | -1                | whole number from 1",
                "EXCHEQUER_MAX_BODY     | 99999999999999999 | whole number from 1",
                "EXCHEQUER_METRICS_OPEN | yes               | loopback or no",
                "EXCHEQUER_LOG          | xml               | json or text",
                "EXCHEQUER_TLS_CERT     | /nowhere.pem      | EXCHEQUER_TLS_KEY",
                "EXCHEQUER_OIDC_ISSUER  | ftp://x           | https URL",
                "EXCHEQUER_INWARD_VAM   | ftp://x           | http or https URL",
                "EXCHEQUER_REDIS        | on                | redis://[user:password@]host:port",
                "EXCHEQUER_REDIS        | redis://host      | redis://[user:password@]host:port",
                "EXCHEQUER_REDIS        | http://host:6379  | redis://[user:password@]host:port",
                "EXCHEQUER_INWARD_VAM   | http://vam        | EXCHEQUER_INWARD_LIQUIDITY",
            })
    void wrongValuesAreRefusedByNameAndRule(String name, String value, String rule) {
        assertThatThrownBy(() -> Settings.from(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(rule);
    }

    @Test
    void redisIsTheEmbeddedOneOrOnesOwnOrNone() {
        assertThat(Settings.from(Map.of()).redis()).isEqualTo(new Settings.Redis(true, Optional.empty()));
        assertThat(Settings.from(Map.of("EXCHEQUER_REDIS", "off")).redis())
                .isEqualTo(new Settings.Redis(false, Optional.empty()));
        String own = "rediss://u:p@cache.example:6380";
        assertThat(Settings.from(Map.of("EXCHEQUER_REDIS", own)).redis())
                .isEqualTo(new Settings.Redis(false, Optional.of(URI.create(own))));
        assertThatThrownBy(() -> Settings.from(Map.of("EXCHEQUER_REDIS", "redis://:sec ret@host:1")))
                .hasMessageNotContaining("sec ret");
    }

    @Test
    void unknownSystemsAreRefusedNamingTheKnown() {
        assertThat(Systems.select(List.of("all"))).isEqualTo(Systems.ALL);
        assertThat(Systems.select(List.of("ledger"))).hasSize(1);
        assertThatThrownBy(() -> Systems.select(List.of("reconciliation")))
                .hasMessage("reconciliation needs the ledger beside it: give both");
        assertThatThrownBy(() -> Systems.select(List.of("ledger", "lodger")))
                .hasMessageContaining("lodger")
                .hasMessageContaining("ledger");
    }
}
