package org.exchequer.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountSpecTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "..a", "2000.cust.42", "-_:.Z"})
    void takesCodesThatHaveAnAddress(String code) {
        assertThat(AccountSpec.summary(code, "A", AccountType.ASSET, null).code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "-:_", "a b", "a/b", "ä", "%2e"})
    void refusesOthers(String code) {
        assertThatThrownBy(() -> AccountSpec.summary(code, "A", AccountType.ASSET, null))
                .isInstanceOf(FieldError.class)
                .hasMessageContaining("1 to 64");
    }
}
