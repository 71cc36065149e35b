package org.exchequer.lab.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.inward.InwardEvidence.Recovery;
import org.exchequer.lab.load.inward.InwardLoad;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends payments to each node, once every fault is over, until one goes through all stages, breakers closed. */
final class InwardRecovery {
    private static final Duration MOST = Duration.ofSeconds(90);
    private static final long PAUSE_MS = 200;
    private static final List<String> CURRENCIES = List.of("SGD", "EUR");

    private final Stage stage;
    private final InwardLoad load;
    private final Ticker ticker;

    InwardRecovery(Stage stage, InwardLoad load, Ticker ticker) {
        this.stage = stage;
        this.load = load;
        this.ticker = ticker;
    }

    List<Recovery> await() throws InterruptedException {
        long began = ticker.nanos();
        List<Recovery> recoveries = new ArrayList<>();
        for (int node = 0; node < stage.nodes().size(); node++) {
            String last = "";
            long took = -1;
            for (int number = 0; took < 0 && ticker.nanos() - began < MOST.toNanos(); number++) {
                last = look(node, 2 * number);
                if (last.isEmpty()) {
                    took = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - began);
                } else {
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                }
            }
            recoveries.add(new Recovery(stage.nodes().get(node).name(), took, last));
        }
        return recoveries;
    }

    /** One payment in each currency: they go different ways. Empty when all is well. */
    private String look(int node, int number) throws InterruptedException {
        for (int i = 0; i < CURRENCIES.size(); i++) {
            String payment = load.probe(node, number + i, CURRENCIES.get(i));
            String what =
                    payment.startsWith("!") ? payment : fallbacks(stage.nodes().get(node), payment);
            if (!what.isEmpty()) {
                return CURRENCIES.get(i) + ": " + what;
            }
        }
        return "";
    }

    private String fallbacks(Node node, String payment) throws InterruptedException {
        try {
            JsonNode read = JsonMapper.shared().readTree(node.get("/inward/api/v1/payments/" + payment, stage.token()));
            if (!read.path("fallbacks").isArray()) {
                return "the payment cannot be read";
            }
            if (!read.path("fallbacks").isEmpty()) {
                return "fallbacks " + read.path("fallbacks");
            }
            for (JsonNode event : read.path("events")) {
                if (!event.path("breakers").isEmpty()) {
                    return "breakers " + event.path("breakers");
                }
            }
            return "";
        } catch (IOException | JacksonException away) {
            return "the node did not answer";
        }
    }
}
