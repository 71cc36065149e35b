package org.exchequer.iso20022;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.exchequer.iso20022.MessageGenerator.Broken;
import org.exchequer.iso20022.MessageGenerator.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageGeneratorTest {
    private static final LocalDate DAY = LocalDate.of(2026, 1, 30);

    private final MessageGenerator generator = new MessageGenerator(Long.getLong("seed", 7), DAY);
    private final MessageReader reader = new MessageReader();

    @Test
    void every_message_is_read_and_every_type_comes() {
        Set<MessageType> seen = EnumSet.noneOf(MessageType.class);
        for (int i = 0; i < 2000; i++) {
            byte[] message = generator.next();
            assertThat(reader.read(message))
                    .as(() -> new String(message, java.nio.charset.StandardCharsets.UTF_8))
                    .isInstanceOfSatisfying(
                            Reading.Read.class,
                            read -> seen.add(read.instruction().type()));
        }
        assertThat(seen).containsExactlyInAnyOrder(MessageType.values());
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void they_are_valid_by_the_official_schema(MessageType type) throws Exception {
        String definition = type.version(type == MessageType.PACS_007 ? 10 : 8);
        Path schema = Samples.schema(definition).orElseThrow();
        var validator = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(schema.toFile())
                .newValidator();
        for (int i = 0; i < 100; i++) {
            validator.validate(new StreamSource(new ByteArrayInputStream(generator.next(type))));
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_broken_one_is_refused_by_its_code_alone(Fault fault) {
        for (int i = 0; i < 20; i++) {
            Broken broken = generator.broken(fault);
            assertThat(reader.read(broken.xml()))
                    .isInstanceOfSatisfying(
                            Reading.Invalid.class,
                            invalid -> assertThat(invalid.findings())
                                    .extracting(Finding::code)
                                    .containsExactly(fault.code()));
        }
    }

    @Test
    void the_same_seed_makes_the_same_messages() {
        MessageGenerator one = new MessageGenerator(1, DAY);
        MessageGenerator two = new MessageGenerator(1, DAY);
        for (int i = 0; i < 50; i++) {
            assertThat(one.next()).isEqualTo(two.next());
        }
    }
}
