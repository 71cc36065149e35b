package org.exchequer.iso20022;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.exchequer.iso20022.Answer.Confirmation;
import org.exchequer.iso20022.Answer.Subject;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {
    private static final Instant NOW = Instant.parse("2026-01-31T02:03:04.567891Z");
    private static final Subject NOTHING_KNOWN = new Subject(null, null, null, null, null, null, null, null);

    private static Subject read(String xml) {
        return switch (new MessageReader().read(Samples.bytes(xml))) {
            case Reading.Read message -> Subject.of(message.instruction());
            case Reading.Invalid invalid -> Subject.of(invalid.known());
            case Reading.Unreadable unreadable -> throw new AssertionError(unreadable.finding());
        };
    }

    private static Answer status(Subject subject, String status, @Nullable String reason, @Nullable String text) {
        return new Answer.Status("ANS-1", NOW, subject, status, reason, text, NOW);
    }

    private static List<Answer> answers() {
        String ugly = "<&>\u0001\uD800 ]]> " + "é😀".repeat(80);
        Subject broken = read(Samples.transfer(8).replace("SGD", "sgd"));
        List<Answer> answers = new ArrayList<>();
        for (Subject subject : List.of(
                read(Samples.transfer(8)),
                read(Samples.debit(8)),
                read(Samples.reversal(10)),
                read(Samples.cancellation(8)),
                broken,
                NOTHING_KNOWN)) {
            answers.add(status(subject, "ACCC", null, null));
            answers.add(status(subject, "RJCT", "AC01", ugly));
            answers.add(new Answer.Return(
                    "RET-1", NOW, subject, Money.of(5, "BHD"), LocalDate.of(2026, 1, 31), "AC04", ugly));
            for (Confirmation confirmation : Confirmation.values()) {
                String reason = confirmation == Confirmation.RJCR ? "NOOR" : null;
                answers.add(new Answer.Resolution("RES-1", NOW, subject, confirmation, reason, null));
            }
        }
        return answers;
    }

    @Test
    void every_answer_is_valid_by_the_official_schema() throws Exception {
        Samples.data();
        SchemaFactory schemas = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        for (String definition : List.of("pacs.002.001.10", "pacs.004.001.10", "camt.029.001.09")) {
            Path schema = Samples.schema(definition).orElseThrow();
            var validator = schemas.newSchema(schema.toFile()).newValidator();
            int validated = 0;
            for (Answer answer : answers()) {
                byte[] xml = AnswerWriter.write(answer);
                if (new String(xml, StandardCharsets.UTF_8).contains(definition + "\"")) {
                    validator.validate(new StreamSource(new ByteArrayInputStream(xml)));
                    validated++;
                }
            }
            assertThat(validated).as(definition).isGreaterThanOrEqualTo(6);
        }
    }

    @Test
    void equal_answers_are_equal_bytes() {
        List<Answer> again = answers();
        for (int i = 0; i < again.size(); i++) {
            assertThat(AnswerWriter.write(again.get(i)))
                    .isEqualTo(AnswerWriter.write(answers().get(i)));
        }
    }

    @Test
    void a_rejection_names_the_message_and_the_reason() {
        Answer answer = status(read(Samples.transfer(8)), "RJCT", "AC04", "closed");
        assertThat(new String(AnswerWriter.write(answer), StandardCharsets.UTF_8))
                .contains("<CreDtTm>2026-01-31T02:03:04.567Z</CreDtTm>")
                .contains("<InstgAgt><FinInstnId><BICFI>DBSSSGSG</BICFI>")
                .contains("<OrgnlMsgId>M-1</OrgnlMsgId><OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId>")
                .contains("<OrgnlEndToEndId>E-1</OrgnlEndToEndId><OrgnlTxId>T-1</OrgnlTxId>")
                .contains("<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>closed</AddtlInf>");
    }

    @Test
    void parts_that_fit_no_message_are_refused() {
        assertThatThrownBy(() -> AnswerWriter.write(status(NOTHING_KNOWN, "RJCT", "TOOLONG", null)))
                .hasMessageContaining("reason");
        assertThatThrownBy(() -> AnswerWriter.write(status(NOTHING_KNOWN, "", null, null)))
                .hasMessageContaining("status");
    }
}
