package org.exchequer.inward.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The codes that refusals carry are those of the code sets; the file beside this names where they are from. */
class ReasonsTest {
    private static Map<String, Set<String>> published() throws IOException {
        Map<String, Set<String>> sets = new HashMap<>();
        try (InputStream file =
                Objects.requireNonNull(ReasonsTest.class.getResourceAsStream("external-codes.txt"), "the file")) {
            Set<String> set = new HashSet<>();
            for (String line : new String(file.readAllBytes(), UTF_8).split("\n", -1)) {
                if (line.startsWith("[")) {
                    set = sets.computeIfAbsent(line.substring(1, line.length() - 1), name -> new HashSet<>());
                } else if (!line.startsWith("#") && !line.isBlank()) {
                    set.addAll(Set.of(line.split(" ")));
                }
            }
        }
        return sets;
    }

    @Test
    void every_code_is_one_of_the_published_sets() throws IOException {
        Set<String> known = new HashSet<>();
        published().values().forEach(known::addAll);
        assertThat(known).hasSizeGreaterThan(300);
        assertThat(known).containsAll(Reasons.MEANINGS.keySet());
    }

    @Test
    void a_code_that_is_none_is_found() throws IOException {
        assertThat(published().get("ExternalStatusReason1Code"))
                .contains("AC03")
                .doesNotContain("AC99", "NOOR");
        assertThat(published().get("ExternalPaymentCancellationRejection1Code"))
                .contains("NOOR", "ARDT")
                .doesNotContain("ARJT");
    }
}
