package org.exchequer.scoring.features;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.exchequer.scoring.generator.Scenario;

/** Facts as they arrive: payments of a made-up country, some late, and scores of some. */
final class Recorded {
    private Recorded() {}

    static List<Fact> facts(long seed, int accounts, int days, int most) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Fact> inOrder = new ArrayList<>();
        Scenario.generate(seed, accounts, days, inOrder::add, label -> {});
        List<Fact> arrived = new ArrayList<>();
        Map<Integer, List<Fact>> late = new HashMap<>();
        for (int place = 0; place < Math.min(most, inOrder.size()); place++) {
            Event event = (Event) inOrder.get(place);
            if (random.nextInt(50) == 0) {
                // Most of what is late is so by minutes, some by days and even by more than a month.
                int delay = 1 + random.nextInt(random.nextInt(10) == 0 ? 800_000 : 2_000);
                late.computeIfAbsent(place + delay, any -> new ArrayList<>()).add(event);
            } else {
                arrived.add(event);
            }
            if (random.nextInt(20) == 0) {
                arrived.add(new Score(
                        event.timeMillis() + random.nextInt(5_000),
                        event.debtor().account(),
                        event.creditor().account(),
                        random.nextInt(Score.ONE)));
            }
            arrived.addAll(late.getOrDefault(place, List.of()));
        }
        return arrived;
    }
}
