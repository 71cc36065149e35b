package org.exchequer.lab.load.inward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.exchequer.inward.sim.SimulatedAccounts;
import org.exchequer.iso20022.JsonReader;
import org.exchequer.iso20022.Reading;
import org.exchequer.lab.check.inward.InwardEvidence.Words;
import org.exchequer.lab.stage.Partners;
import org.junit.jupiter.api.Test;

/** A good message can be read, and none that is damaged: but for one that is only too old. */
class DamagesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T08:00:00Z"), ZoneOffset.UTC);

    private final Letters letters = new Letters(new SimulatedAccounts(1, Partners.LEDGER_ACCOUNT), CLOCK);
    private final JsonReader reader = new JsonReader();

    @Test
    void what_is_damaged_cannot_be_read() {
        Letter good = letters.plain("good", new SplittableRandom(1), "SGD");
        assertThat(reader.read(good.bytes())).isInstanceOf(Reading.Read.class);
        for (Damages.Damage damage : Damages.ALL) {
            Reading read = reader.read(damage.make().apply(good.members(), CLOCK));
            boolean old = damage.how().equals("it was made an hour ago");
            assertThat(read instanceof Reading.Read)
                    .as(damage.how() + ": " + read)
                    .isEqualTo(old);
        }
    }

    @Test
    void who_is_on_a_list_is_told_to_the_history() {
        Letter listed = letters.listed("listed", new SplittableRandom(2));
        assertThat(reader.read(listed.bytes())).isInstanceOf(Reading.Read.class);
        assertThat(listed.members().values()).contains(listed.asked().get(Words.LISTED));
    }
}
