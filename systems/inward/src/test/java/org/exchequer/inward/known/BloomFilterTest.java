package org.exchequer.inward.known;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.exchequer.inward.partner.HandTicker;
import org.junit.jupiter.api.Test;

class BloomFilterTest {
    private static final int MANY = 50_000;
    private static final int LOOKED_UP = 400_000;

    private final SplittableRandom random = new SplittableRandom(20_260_105);
    private final HandTicker ticker = new HandTicker();

    private byte[] hash() {
        byte[] hash = new byte[32];
        random.nextBytes(hash);
        return hash;
    }

    @Test
    void knowsWhatWasAddedAndTakesFewOthersForIt() {
        RecentKeys keys = new RecentKeys(MANY, Duration.ofHours(2), ticker);
        // Both generations as full as they may become: it errs most then.
        for (int i = 0; i < 2 * MANY - 1; i++) {
            byte[] hash = hash();
            keys.add(hash);
            assertThat(keys.mightContain(hash)).isTrue();
        }
        int wrong = 0;
        for (int i = 0; i < LOOKED_UP; i++) {
            wrong += keys.mightContain(hash()) ? 1 : 0;
        }
        // 400 are expected; the standard deviation is 20.
        assertThat(wrong).isBetween(300, (int) (LOOKED_UP * RecentKeys.FALSE_POSITIVES) + 60);
        assertThat(keys.bytes()).isLessThan(2L * MANY * 2 + 64);
    }

    @Test
    void theUsualTwoTakeEightMebibytes() {
        assertThat(new RecentKeys(1 << 21, Duration.ofHours(2), ticker).bytes()).isLessThan((1L << 23) + 64);
    }

    @Test
    void whatWasAddedIsKnownForItsTimeAndForgottenAfterTwice() {
        RecentKeys keys = new RecentKeys(MANY, Duration.ofHours(2), ticker);
        byte[] early = hash();
        byte[] late = hash();
        keys.add(early);
        ticker.pass(Duration.ofMinutes(119));
        keys.add(late);
        ticker.pass(Duration.ofMinutes(2));
        assertThat(keys.mightContain(early)).isTrue();
        ticker.pass(Duration.ofMinutes(118));
        assertThat(keys.mightContain(late)).isTrue();
        ticker.pass(Duration.ofMinutes(3));
        assertThat(keys.mightContain(early)).isFalse();
        assertThat(keys.mightContain(late)).isFalse();
    }

    @Test
    void afterALongSilenceNothingIsKnown() {
        RecentKeys keys = new RecentKeys(MANY, Duration.ofHours(2), ticker);
        byte[] hash = hash();
        keys.add(hash);
        ticker.pass(Duration.ofHours(4));
        assertThat(keys.mightContain(hash)).isFalse();
    }

    @Test
    void whatComesTooFastIsForgottenSooner() {
        RecentKeys keys = new RecentKeys(1_000, Duration.ofHours(2), ticker);
        byte[] first = hash();
        keys.add(first);
        for (int i = 0; i < 3_000; i++) {
            keys.add(hash());
        }
        assertThat(keys.mightContain(first)).isFalse();
    }
}
