package org.exchequer.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.exchequer.app.InvariantWatch;
import org.exchequer.app.RuntimeFile;
import org.exchequer.app.StartingFile;
import org.exchequer.platform.web.StrictJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer status}: what runs, and whether it is ready. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what runs on the data directory.",
            "Exit code: 0 ready, 1 not ready or an invariant is broken, 69 not running, 79 still starting."
        })
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "print the same as JSON")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Optional<StartingFile> starting = json ? StartingFile.find(data.path()) : Optional.empty();
        if (starting.isPresent()) {
            System.out.println(starting(starting.get()));
            return ExitCodes.STARTING;
        }
        RuntimeFile running = data.running();
        HttpResponse<String> answer = ready(running);
        JsonNode body;
        try {
            body = StrictJson.mapper().readTree(answer.body());
        } catch (JacksonException e) {
            throw new CommandFailure(
                    ExitCodes.FAILED, "the program at " + running.url() + " answers with something else");
        }
        if (json) {
            System.out.println(withProcess(running, body));
        } else {
            print(System.out, running, body);
        }
        return answer.statusCode() == 200 && !broken(body) ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** It serves, and what it serves is wrong. */
    static boolean broken(JsonNode body) {
        for (JsonNode component : body.path("components")) {
            if (component.path("name").asString("").equals(InvariantWatch.NAME)) {
                return !component.path("ready").asBoolean(false);
            }
        }
        return false;
    }

    /** In the words of a program that runs. */
    static String starting(StartingFile starting) {
        return StrictJson.mapper()
                .writeValueAsString(JsonNodeFactory.instance
                        .objectNode()
                        .put("version", starting.version())
                        .put("pid", starting.pid())
                        .put("ready", false)
                        .put("startingWith", starting.step())
                        .put("since", starting.since()));
    }

    /** The answer of /ready, and the process that gave it. */
    static String withProcess(RuntimeFile running, JsonNode ready) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("version", running.version())
                .put("url", running.url())
                .put("grpc", running.grpc())
                .put("pid", running.pid())
                .put("started", running.started());
        ready.properties().forEach(field -> json.set(field.getKey(), field.getValue()));
        return StrictJson.mapper().writeValueAsString(json);
    }

    private static HttpResponse<String> ready(RuntimeFile running) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(ServerAccess.uri(running, "/ready"))
                .timeout(PATIENCE)
                .build();
        try (HttpClient client = ServerAccess.client(running)) {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.FAILED,
                    "process " + running.pid() + " runs but does not answer at " + running.url() + ": " + e);
        }
    }

    private static void print(PrintStream out, RuntimeFile running, JsonNode body) {
        boolean ready = body.path("ready").asBoolean(false);
        String state = !ready ? "NOT READY" : broken(body) ? "ready, BUT AN INVARIANT IS BROKEN" : "ready";
        out.println(state + "  exchequer " + running.version() + "  " + running.url() + "  gRPC " + running.grpc()
                + "  process " + running.pid() + "  since " + running.started());
        for (JsonNode component : body.path("components")) {
            out.printf(
                    "  %-16s %-10s %s%n",
                    component.path("name").asString(""),
                    state(component),
                    component.path("detail").asString(""));
        }
    }

    private static String state(JsonNode component) {
        boolean good = component.path("ready").asBoolean(false);
        return component.path("name").asString("").equals(InvariantWatch.NAME)
                ? good ? "hold" : "broken"
                : good ? "ready" : "not ready";
    }
}
