package org.exchequer.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseAddressTest {
    @ParameterizedTest
    @CsvSource({
        "postgresql://bob:hunter2@db.example:6432/bank, jdbc:postgresql://db.example:6432/bank, bob, hunter2",
        "jdbc:postgresql://bob:hunter2@db.example/bank, jdbc:postgresql://db.example/bank, bob, hunter2",
        "postgres://bob:a%40b%2Fc+d@[::1]:5432/bank, jdbc:postgresql://[::1]:5432/bank, bob, a@b/c+d",
        "postgresql://h/bank?user=bob&sslmode=require&password=x, jdbc:postgresql://h/bank?sslmode=require, bob, x",
        "postgresql://bob@h/bank, jdbc:postgresql://h/bank, bob, ''",
    })
    void readsTheUsualForms(String text, String jdbcUrl, String user, String password) {
        assertThat(DatabaseAddress.parse(text)).isEqualTo(new DatabaseAddress(jdbcUrl, user, password));
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://bob:hunter2@h/bank, scheme",
        "postgresql://bob:hunter2@h, name one database",
        "postgresql://bob:hunter2@h/, name one database",
        "postgresql://:hunter2@h/bank, no user",
        "postgresql:///bank, no host",
        "postgresql://bob:hunter2 @h/bank, not a URL",
        "postgresql://bob:hunter2%zz@h/bank, not a URL",
    })
    void saysWhatIsWrongWithoutThePassword(String text, String rule) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule)
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void neverPrintsItsPassword() {
        DatabaseAddress address = DatabaseAddress.parse("postgresql://bob:hunter2@h:1/bank?sslpassword=hunter2");
        assertThat(address.toString()).contains("bob").contains("bank").doesNotContain("hunter2");
        assertThat(address.withDatabase("other").jdbcUrl())
                .isEqualTo("jdbc:postgresql://h:1/other?sslpassword=hunter2");
    }
}
