package org.exchequer.inward.known;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.UUID;
import org.exchequer.inward.api.Answered;
import org.junit.jupiter.api.Test;

class AnswerSealTest {
    private static final Answered ANSWER = new Answered(
            UUID.fromString("00000000-0000-7000-8000-000000000001"),
            "<Document>E-17</Document>".getBytes(UTF_8),
            "ACCC",
            false);

    private final AnswerSeal seal = new AnswerSeal(bytes(1));
    private final byte[] digest = bytes(2);

    static byte[] bytes(int each) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) each);
        return bytes;
    }

    @Test
    void opensForItsMessageAlone() {
        byte[] value = seal.seal(digest, ANSWER);
        assertThat(seal.open(digest, value)).hasValueSatisfying(opened -> {
            assertThat(opened.payment()).isEqualTo(ANSWER.payment());
            assertThat(opened.message()).isEqualTo(ANSWER.message());
            assertThat(opened.status()).isEqualTo("ACCC");
            assertThat(opened.repeated()).isTrue();
        });
        assertThat(seal.open(bytes(3), value)).isEmpty();
        assertThat(new AnswerSeal(bytes(4)).open(digest, value)).isEmpty();
    }

    @Test
    void opensNothingThatWasChangedCutOrMadeUp() {
        byte[] value = seal.seal(digest, ANSWER);
        for (int i = 0; i < value.length; i++) {
            byte[] damaged = value.clone();
            damaged[i] ^= 1;
            assertThat(seal.open(digest, damaged)).as("byte " + i).isEmpty();
            assertThat(seal.open(digest, Arrays.copyOf(value, i)))
                    .as("cut at " + i)
                    .isEmpty();
        }
        assertThat(seal.open(digest, Arrays.copyOf(value, value.length + 1))).isEmpty();
        assertThat(seal.open(digest, "<Document/>".getBytes(UTF_8))).isEmpty();
    }

    @Test
    void tellsNobodyWhatItIsOrWhose() {
        byte[] value = seal.seal(digest, ANSWER);
        assertThat(new String(value, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("E-17", "ACCC");
        assertThat(seal.seal(digest, ANSWER)).isNotEqualTo(value);
        assertThat(seal.name(digest))
                .isEqualTo(seal.name(digest.clone()))
                .isNotEqualTo(seal.name(bytes(3)))
                .isNotEqualTo(new AnswerSeal(bytes(4)).name(digest))
                .asString(UTF_8)
                .doesNotContain("0202");
    }
}
