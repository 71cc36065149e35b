package org.exchequer.scoring.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.exchequer.scoring.features.Feature;
import org.junit.jupiter.api.Test;

class DocumentedTest {
    @Test
    void the_documentation_names_every_feature_and_every_rule() throws IOException {
        Path home = Path.of(System.getProperty("exchequer.home"));
        String text = Files.readString(home.resolve("docs/concepts/features.md"));
        assertThat(Feature.names()).allSatisfy(name -> assertThat(text).contains("`" + name + "`"));
        assertThat(Rules.all())
                .allSatisfy(rule -> assertThat(text)
                        .contains("| " + rule.priority() + " | `" + rule.id() + "` | "
                                + rule.action().name().toLowerCase(java.util.Locale.ROOT) + " |"));
    }
}
