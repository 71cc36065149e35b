package org.exchequer.lab.stage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.inward.sim.Service;
import org.exchequer.inward.sim.SimulatedAccounts;
import org.exchequer.kernel.Ticker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The partners that inward clearing asks, in a process of their own. What they do is changed while they run. */
public final class Partners implements AutoCloseable {
    /** Banks that take part, by the first 8 characters of their BIC. */
    public static final List<String> BANKS =
            List.of("AAABSGSG", "BBBCSGSG", "CCCDDEFF", "DDDEFRPP", "EEEFGB2L", "FFFGNL2A", "GGGHJPJT", "HHHIHKHH");

    /** What each bank has of each currency, in minor units. */
    public static final long POSITION = 100_000_000_000L;

    /** Where the ledger keeps what is on customers' accounts. */
    public static final String LEDGER_ACCOUNT = "lab.dep.{currency}.{bucket}";

    /** How many ordinary customers there are. */
    public static final int CUSTOMERS = 4_000;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration ASKED = Duration.ofSeconds(5);
    private static final long LOOK_EVERY = Duration.ofMillis(50).toNanos();

    private final long seed;
    private final Process process;
    private final Map<Service, Integer> ports;
    private final URI admin;
    private final HttpClient http;

    private Partners(long seed, Process process, List<String> lines, HttpClient http) {
        this.seed = seed;
        this.process = process;
        this.http = http;
        this.ports = new HashMap<>();
        for (Service service : Service.values()) {
            ports.put(service, Integer.parseInt(lines.get(service.ordinal())));
        }
        this.admin = URI.create("http://127.0.0.1:" + lines.getLast() + "/admin/v1/");
    }

    /**
     * Starts them and returns once they serve.
     *
     * @param folder of the run
     * @param seed of accounts and fates
     */
    static Partners start(Path folder, long seed, Ticker ticker, HttpClient http)
            throws IOException, InterruptedException {
        Path ports = folder.resolve("partners.ports");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PartnersMain.class.getName(),
                        ports.toString(),
                        Long.toString(seed))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("partners.log").toFile())
                .start();
        long end = ticker.nanos() + PATIENCE.toNanos();
        while (!Files.exists(ports)) {
            if (!process.isAlive()
                    || ticker.nanos() > end
                    || Thread.currentThread().isInterrupted()) {
                process.destroyForcibly();
                throw new StageException("the partners do not start; see " + folder + "/partners.log");
            }
            LockSupport.parkNanos(LOOK_EVERY);
        }
        return new Partners(seed, process, Files.readAllLines(ports), http);
    }

    /** Where a service is, past all proxies. */
    int port(Service service) {
        return java.util.Objects.requireNonNull(ports.get(service));
    }

    /** The accounts that they know, as they know them. */
    public SimulatedAccounts accounts() {
        return new SimulatedAccounts(seed, LEDGER_ACCOUNT);
    }

    /** Lets an operation of a service behave so from now on; members as docs/reference/partners.md has them. */
    public void play(Service service, String operation, String script) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(admin.resolve("scripts/" + service.label() + "/" + operation))
                .PUT(HttpRequest.BodyPublishers.ofString(script)));
    }

    /** All behave as at the beginning. */
    public void reset() throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(admin.resolve("scripts")).DELETE());
    }

    /** How many calls each operation of each service had, and what became of them. */
    public JsonNode calls() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(admin.resolve("calls")));
    }

    /** What each bank has, and what is reserved of it. */
    public JsonNode positions() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(admin.resolve("positions")));
    }

    /** Number of an ordinary customer's account; its last two digits say so. */
    public static String customer(int number) {
        return "7%05d%02d".formatted(number, number % 90);
    }

    /** Says something else of an account from now on. */
    public void put(SimulatedAccounts.Listed account) throws IOException, InterruptedException {
        ObjectNode body = JsonMapper.shared().valueToTree(account);
        // The path says which it is.
        body.remove("number");
        send(HttpRequest.newBuilder(admin.resolve("accounts/" + account.number()))
                .PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /** Gives a bank so much more, or less, of a currency than it had, in minor units. */
    public void shift(String bank, String currency, long minorUnits) throws IOException, InterruptedException {
        for (JsonNode position : positions().path("positions")) {
            if (position.path("bic8").asString().equals(bank)
                    && position.path("currency").asString().equals(currency)) {
                long available = position.path("available").asLong() + minorUnits;
                send(HttpRequest.newBuilder(admin.resolve("positions/" + bank + "/" + currency))
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"availableMinorUnits\":" + available + "}")));
                return;
            }
        }
        throw new IOException("the partners know no position of " + bank + " in " + currency);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                http.send(request.timeout(ASKED).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("the partners answered " + answer.statusCode() + ": "
                    + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
