package org.exchequer.lab.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.Functions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An open-loop workload on the ledger. What each operation asks, and when, follows from the seed; only what depends on
 * earlier answers (which hold is settled, which transaction reversed) depends on them too.
 */
public final class Load {
    /** The bank's side of every opening balance. */
    public static final String CASH = "lab.cash";

    private static final long OPENING = 100_000;
    private static final long MOST_AMOUNT = 5_000;
    /** More than this at once is refused here and counted: the machine's memory is bounded. */
    private static final int MOST_IN_FLIGHT = 20_000;

    private static final int MOST_RESOLVED = 2_000;
    /** One in so many clients gives up soon. */
    private static final int HASTY = 12;

    private static final int WARM_UP_CLIENTS = 6;
    private static final Duration OPENING_PATIENCE = Duration.ofMinutes(2);

    private final Client client;
    private final Wire wire;
    private final Mix mix;
    private final long seed;
    private final Ticker ticker;
    private final Memory memory = new Memory();
    private final AtomicInteger processes = new AtomicInteger();
    private final Map<String, Integer> shards = new HashMap<>();
    private final LongAdder shed = new LongAdder();
    private final ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    public Load(Client client, Wire wire, Mix mix, long seed, Ticker ticker) {
        this.client = client;
        this.wire = wire;
        this.mix = mix;
        this.seed = seed;
        this.ticker = ticker;
    }

    /** The account of a customer, from 0 on. */
    public static String account(int customer) {
        return "lab.c%03d".formatted(customer);
    }

    /** All accounts, the bank's own first. */
    public List<String> accounts() {
        List<String> codes = new ArrayList<>(List.of(CASH));
        codes.addAll(customers());
        return codes;
    }

    /** The accounts of customers. */
    public List<String> customers() {
        return IntStream.range(0, mix.accounts()).mapToObj(Load::account).toList();
    }

    /** Opens the accounts, each customer's without overdraft, and gives each customer 1,000.00. */
    public void prepare() throws InterruptedException {
        for (String code : accounts()) {
            boolean cash = code.equals(CASH);
            ObjectNode body = JsonNodeFactory.instance
                    .objectNode()
                    .put("code", code)
                    .put("name", cash ? "Cash" : "Customer " + code)
                    .put("type", cash ? "ASSET" : "LIABILITY")
                    .put("currency", Request.CURRENCY)
                    .put("rule", cash ? "NONE" : "DEBITS_MAY_NOT_EXCEED_CREDITS");
            shards.put(code, open(code, body));
        }
        for (int i = 0; i < mix.accounts(); i++) {
            Client.Result result = client.ask(
                    processes.getAndIncrement(), i, Request.transfer("fund-" + i, CASH, account(i), OPENING));
            if (result.type() != Event.Type.OK) {
                throw new IllegalStateException("account " + account(i) + " was not funded: " + result.values());
            }
        }
    }

    /** Until it is open: a machine that has just started all of this may take its time. Returns its shard. */
    private int open(String code, ObjectNode body) throws InterruptedException {
        long began = ticker.nanos();
        Wire.Reply reply = wire.post(0, "/accounts", "open-" + code, body);
        while (!(reply instanceof Wire.Reply.Done)) {
            if (reply instanceof Wire.Reply.Rejected || ticker.nanos() - began > OPENING_PATIENCE.toNanos()) {
                throw new IllegalStateException("account " + code + " was not opened: " + reply);
            }
            reply = wire.post(0, "/accounts", "open-" + code, body);
        }
        JsonNode opened = ((Wire.Reply.Done) reply).body();
        return Evidence.shard(
                opened.path("account").path("id").asLong(opened.path("id").asLong()));
    }

    /** Lets processes that have only just started compile what they will need: otherwise that is what is measured. */
    public void warmUp(Duration length) throws InterruptedException {
        long end = ticker.nanos() + length.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WARM_UP_CLIENTS; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int n = 0; ticker.nanos() < end; n++) {
                        String key = "warm-%d-%d".formatted(number, n);
                        String from = account((number + n) % mix.accounts());
                        String to = account((number + n + 1) % mix.accounts());
                        client.ask(processes.getAndIncrement(), n, Request.transfer(key, from, to, 1));
                        client.ask(processes.getAndIncrement(), n, Request.read(from));
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /**
     * An operation that is due.
     *
     * @param origin the ticker's reading at the beginning of the load
     * @param intended when it is meant to begin, in nanoseconds from there
     * @param fresh whether nobody has asked it before
     */
    private record Due(Request request, long origin, long intended, boolean fresh) {}

    /**
     * Runs, and returns when the last operation has its outcome.
     *
     * @param arrivals when operations are to begin, in nanoseconds from {@code origin}
     * @param origin the ticker's reading at the beginning
     */
    public Series run(long[] arrivals, long origin, Duration length) throws InterruptedException {
        Series series = new Series(length);
        Phaser inFlight = new Phaser(1);
        SplittableRandom sources = new SplittableRandom(seed);
        for (int i = 0; i < arrivals.length; i++) {
            long due = origin + arrivals[i];
            RandomGenerator random = sources.split();
            for (long left = due - ticker.nanos(); left > 0; left = due - ticker.nanos()) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            if (inFlight.getUnarrivedParties() > MOST_IN_FLIGHT) {
                shed.increment();
                continue;
            }
            Request request = request(i, random);
            int node = random.nextInt(wire.nodes());
            Due operation = new Due(request, origin, arrivals[i], key(i).equals(request.key()));
            start(inFlight, series, operation, node);
            if (request.key() != null && random.nextInt(100) < mix.twins()) {
                start(inFlight, series, operation, node + 1);
            }
        }
        inFlight.arriveAndAwaitAdvance();
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        return series;
    }

    private void start(Phaser inFlight, Series series, Due due, int node) {
        Request request = due.request();
        inFlight.register();
        int process = processes.getAndIncrement();
        Thread.ofVirtual().name("client-" + process).start(() -> {
            try {
                long began = ticker.nanos();
                Client.Result result = process % HASTY == 0
                        ? client.askHastily(process, node, request)
                        : client.ask(process, node, request);
                long ended = ticker.nanos();
                boolean recorded = result.values().containsKey(Functions.POSITION);
                series.add(
                        due.intended(),
                        ended - due.origin() - due.intended(),
                        ended - began,
                        result.type(),
                        recorded || result.values().containsValue("IDEMPOTENCY_KEY_REUSED"));
                if (due.fresh() && result.type() == Event.Type.OK) {
                    series.acknowledged(ended - due.origin());
                }
                remember(request, result);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                failures.add(e);
            } finally {
                inFlight.arriveAndDeregister();
            }
        });
    }

    private String key(int index) {
        return "op-" + seed + "-" + index;
    }

    private Request request(int index, RandomGenerator random) {
        String key = key(index);
        int draw = random.nextInt(mix.total());
        long amount = 1 + random.nextLong(MOST_AMOUNT);
        int[] pair = pair(random);
        @Nullable Request chosen = null;
        if ((draw -= mix.transfer()) < 0) {
            chosen = null;
        } else if ((draw -= mix.read()) < 0) {
            chosen = Request.read(account(pair[0]));
        } else if ((draw -= mix.hold()) < 0) {
            chosen = Request.hold(key, account(pair[0]), neighbour(pair), amount);
        } else if ((draw -= mix.settle()) < 0) {
            chosen = settle(key, random);
        } else if ((draw -= mix.posting()) < 0) {
            chosen = posting(key, pair, amount, random);
        } else if (draw - mix.reverse() < 0) {
            Long transaction = memory.anyTransaction(random);
            chosen = transaction == null ? null : Request.reverse(key, transaction);
        } else {
            Request earlier = memory.anyCommand(random);
            boolean forge = random.nextInt(8) == 0;
            chosen = earlier == null ? memory.anyUnknown(random) : forge ? earlier.forged() : earlier;
        }
        return chosen != null ? chosen : Request.transfer(key, account(pair[0]), payee(pair[1], random), amount);
    }

    private Request posting(String key, int[] pair, long amount, RandomGenerator random) {
        int other = random.nextInt(mix.accounts());
        String second = other == pair[0] || other == pair[1] ? "lab.none." + other : account(other);
        return Request.posting(key, account(pair[0]), List.of(payee(pair[1], random), second), amount, 1 + amount / 3);
    }

    /** A customer; now and then somebody who has no account. */
    private String payee(int customer, RandomGenerator random) {
        return mix.nowhere() > 0 && random.nextInt(100) < mix.nowhere() ? "lab.none." + customer : account(customer);
    }

    /** The next one after the second of the pair that was opened on the first one's shard: holds stay on one. */
    private String neighbour(int[] pair) {
        String first = account(pair[0]);
        for (int i = 0; i < mix.accounts(); i++) {
            String other = account((pair[1] + i) % mix.accounts());
            if (!other.equals(first) && Objects.equals(shards.get(other), shards.get(first))) {
                return other;
            }
        }
        return account(pair[1]);
    }

    private @Nullable Request settle(String key, RandomGenerator random) {
        Request.Hold hold = memory.takeHold(random);
        if (hold == null) {
            return null;
        }
        return switch (random.nextInt(3)) {
            case 0 -> Request.release(key, hold);
            case 1 -> Request.post(key, hold, 1 + random.nextLong(hold.amount()));
            default -> Request.post(key, hold, null);
        };
    }

    /** Two different customers; where one is hot, it is mostly one of them, on either side. */
    private int[] pair(RandomGenerator random) {
        boolean hot = random.nextInt(100) < mix.hotPercent();
        int first = hot ? 0 : random.nextInt(mix.accounts());
        int second = random.nextInt(mix.accounts() - 1);
        if (second >= first) {
            second++;
        }
        return random.nextBoolean() ? new int[] {first, second} : new int[] {second, first};
    }

    private void remember(Request request, Client.Result result) {
        if (request.key() == null) {
            return;
        }
        if (result.type() == Event.Type.INFO) {
            memory.unknown(request);
        } else if (result.values().containsKey(Functions.POSITION)) {
            memory.decided(request);
        }
        if (result.type() == Event.Type.OK) {
            switch (request.function()) {
                case Functions.HOLD ->
                    memory.held(new Request.Hold(
                            Long.parseLong(result.values().getOrDefault(Functions.HOLD_ID, "0")),
                            request.asked().getOrDefault(Functions.DEBIT, ""),
                            request.asked().getOrDefault(Functions.CREDIT, ""),
                            Long.parseLong(request.asked().getOrDefault(Functions.AMOUNT, "0"))));
                case Functions.TRANSFER ->
                    memory.posted(Long.parseLong(result.values().getOrDefault(Functions.TRANSACTION, "0")));
                default -> {
                    return;
                }
            }
        }
    }

    /** Asks again, under their keys, what nobody knows of (at most 2,000), and reads every balance at every node. */
    public void settleUnknown() throws InterruptedException {
        List<Request> unknown = memory.unknown();
        for (Request request : unknown.subList(Math.max(0, unknown.size() - MOST_RESOLVED), unknown.size())) {
            client.ask(processes.getAndIncrement(), 0, request);
        }
        for (int node = 0; node < wire.nodes(); node++) {
            for (String account : accounts()) {
                client.ask(processes.getAndIncrement(), node, Request.read(account));
            }
        }
    }

    /** Attempts without an outcome so far, by what they brought instead. */
    public Map<String, Long> troubles() {
        return client.troubles();
    }

    /** Operations that were left out because too many were under way. */
    public long shed() {
        return shed.sum();
    }
}
