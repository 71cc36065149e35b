package org.exchequer.inward.breach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.exchequer.inward.breach.Pace.End;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Pace pace = new Pace();
    private long now = 1_000_000 * MS;

    private void took(long ms, End how) {
        pace.begin(now);
        now += ms * MS;
        pace.end(now, ms * MS, how);
    }

    @Test
    void saysNothingOfWhatWasNeverSeen() {
        assertThat(pace.reading(now)).isEqualTo(new Pace.Reading(0, 0, 0, 0, 0, 0, 0, 0, 0));
        took(5, End.NOT_ASKED);
        assertThat(pace.reading(now).count()).isZero();
    }

    @Test
    void hasQuantilesOfTheLastTimes() {
        for (int i = 0; i < 100; i++) {
            took(1_000, End.LATE);
        }
        for (int ms = 1; ms <= Pace.WINDOW; ms++) {
            took(ms, End.DONE);
        }
        Pace.Reading reading = pace.reading(now + 7 * MS);
        assertThat(reading.count()).isEqualTo(32);
        assertThat(reading.p50Nanos()).isEqualTo(16 * MS);
        assertThat(reading.p90Nanos()).isEqualTo(29 * MS);
        assertThat(reading.lastNanos()).isEqualTo(32 * MS);
        assertThat(reading.lateShare()).isZero();
        assertThat(reading.ageNanos()).isEqualTo(7 * MS);
    }

    @Test
    void tellsWhatWasLateLatelyFromWhatWasLateBefore() {
        for (int i = 0; i < 16; i++) {
            took(200, End.LATE);
        }
        for (int i = 0; i < 16; i++) {
            took(2, i % 2 == 0 ? End.DONE : End.LATE);
        }
        assertThat(pace.reading(now).lateLatest()).isEqualTo(0.5);
        assertThat(pace.reading(now).lateShare()).isEqualTo(0.75);
    }

    @Test
    void forgetsWhatIsLongAgo() {
        for (int i = 0; i < 10; i++) {
            took(900, End.LATE);
        }
        now += TimeUnit.SECONDS.toNanos(31);
        took(3, End.DONE);
        assertThat(pace.reading(now).count()).isEqualTo(1);
        assertThat(pace.reading(now).p90Nanos()).isEqualTo(3 * MS);
    }

    /** A partner that hangs shows before the first call to it is given up. */
    @Test
    void hearsTheSilence() {
        took(3, End.DONE);
        now += 50 * MS;
        pace.begin(now);
        pace.begin(now + 10 * MS);
        assertThat(pace.reading(now + 40 * MS).silentNanos()).isEqualTo(40 * MS);
        assertThat(pace.reading(now + 40 * MS).underWay()).isEqualTo(2);
        pace.end(now + 41 * MS, 41 * MS, End.DONE);
        assertThat(pace.reading(now + 45 * MS).silentNanos()).isEqualTo(4 * MS);
        pace.end(now + 60 * MS, 50 * MS, End.LATE);
        assertThat(pace.reading(now + 70 * MS).silentNanos()).isZero();
    }
}
