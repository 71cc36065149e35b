package org.exchequer.lab.sim.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.sim.SimProcess;
import org.exchequer.lab.sim.Simulation;

/** The simulated topic, and a consumer that applies each message once. */
final class SimBroker extends SimProcess {
    private final List<Message> topic = new ArrayList<>();

    SimBroker(Simulation simulation) {
        super(simulation, Plan.BROKER);
    }

    void publish(List<Message> messages) {
        topic.addAll(messages);
    }

    List<Message> topic() {
        return topic;
    }

    /** What a consumer has applied that skips what it has seen. */
    List<Message> inbox() {
        Map<String, Long> last = new HashMap<>();
        List<Message> applied = new ArrayList<>();
        for (Message message : topic) {
            if (message.sequence() > last.getOrDefault(message.stream(), 0L)) {
                last.put(message.stream(), message.sequence());
                applied.add(message);
            }
        }
        return applied;
    }

    /** What is to be published of a row; none of what posts nothing. */
    static List<Message> messages(List<Stored> rows) {
        return rows.stream()
                .filter(row -> !row.entry().legs().isEmpty())
                .map(row -> new Message(
                        "ledger", row.entry().position(), row.entry().describe()))
                .toList();
    }
}
