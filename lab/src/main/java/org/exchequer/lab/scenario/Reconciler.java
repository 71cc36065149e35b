package org.exchequer.lab.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Reconciled;
import org.exchequer.lab.check.Reconciled.Break;
import org.exchequer.lab.load.Wire;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Somebody who reconciles one customer's account after the other while the load posts to all of them, with statements
 * that are wrong in places: lines are missing, say another amount, or were never booked. Keeps what was sent and what
 * was answered; what it should have been is for {@link org.exchequer.lab.check.ReconciledRuns} to say.
 */
final class Reconciler implements AutoCloseable {
    private static final String RUNS = "/reconciliation/api/v1/runs";
    private static final int PAGE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AGE = Duration.ofMillis(150);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int WRONG_PERCENT = 10;
    /** No transfer of the load is as large. */
    private static final long NEVER_BOOKED = 77_000_000;

    private final Wire wire;
    private final List<String> accounts;
    private final Duration length;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final LocalDate today;
    private final List<Reconciled> runs = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /** A line of an account: the day it counts from, and the amount as its owner sees it. */
    private record Line(String date, long amount) {}

    /** A statement that was sent, and how many lines its account was seen to have before. */
    private record Sent(String account, List<Long> statement, long known) {
        Reconciled wrong(String trouble) {
            return new Reconciled(account, statement, known, 0, 0, 0, List.of(), trouble, null);
        }

        Reconciled unanswered(String why) {
            return new Reconciled(account, statement, known, 0, 0, 0, List.of(), null, why);
        }
    }

    private Reconciler(Wire wire, List<String> accounts, Duration length, long seed, Clock clock, Ticker ticker) {
        this.wire = wire;
        this.accounts = accounts;
        this.length = length;
        this.ticker = ticker;
        this.random = new SplittableRandom(seed ^ 0x2545F4914F6CDD1DL);
        this.today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        this.thread = Thread.ofVirtual().name("reconciler").unstarted(this::run);
    }

    /** @param accounts of customers; spread over this length of time */
    static Reconciler start(Wire wire, List<String> accounts, Duration length, long seed, Clock clock, Ticker ticker) {
        Reconciler reconciler = new Reconciler(wire, accounts, length, seed, clock, ticker);
        reconciler.thread.start();
        return reconciler;
    }

    private void run() {
        try {
            long began = ticker.nanos();
            for (int i = 0; i < accounts.size(); i++) {
                long due = began + length.toNanos() / accounts.size() * (i + 1);
                if (stop.await(Math.max(0, due - ticker.nanos()), TimeUnit.NANOSECONDS)) {
                    return;
                }
                reconcile(accounts.get(i), i);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void reconcile(String account, int number) throws InterruptedException {
        List<Line> lines = new ArrayList<>();
        String path = "/ledger/api/v1/accounts/" + account + "/statement?limit=" + PAGE;
        JsonNode page = await(number, node -> wire.getAt(node, path));
        if (page == null) {
            // Nothing was compared: nobody can be asked while everything is down.
            return;
        }
        for (JsonNode item : page.path("items")) {
            boolean credit = item.path("side").asString().equals("CREDIT");
            long amount = minor(item.path("amount"));
            lines.add(new Line(item.path("valueDate").asString(), credit ? amount : -amount));
        }
        // A bank's statement is older than the books: some of what is posted meanwhile is to be seen as well.
        Thread.sleep(AGE);
        List<Line> statement = wrong(lines);
        StringBuilder csv = new StringBuilder("date,amount,id\n");
        for (int i = 0; i < statement.size(); i++) {
            Line line = statement.get(i);
            csv.append("%s,%s,b%d-%d%n"
                    .formatted(line.date(), BigDecimal.valueOf(line.amount(), 2).toPlainString(), number, i));
        }
        String query = "?account=%s&format=CSV&byAmount=true&from=%s&to=%s"
                .formatted(account, today.minusDays(1), today.plusDays(1));
        byte[] body = csv.toString().getBytes(UTF_8);
        String key = "reconcile-" + number;
        Asking asking = node -> wire.postAt(node, RUNS + query, key, "text/csv", body);
        Sent sent = new Sent(account, statement.stream().map(Line::amount).toList(), lines.size());
        runs.add(ask(sent, number, asking));
    }

    /** Sends it, half of them twice, and reads the breaks of the run that was recorded. */
    private Reconciled ask(Sent sent, int number, Asking asking) throws InterruptedException {
        JsonNode answer = await(number, asking);
        JsonNode again = number % 2 == 0 ? await(number + 1, asking) : answer;
        if (answer == null || again == null) {
            return sent.unanswered("it was not answered within " + PATIENCE.toSeconds() + " s");
        }
        if (!answer.has("id")) {
            return sent.wrong("refused: " + answer);
        }
        String path = RUNS + "/" + answer.path("id").asLong() + "/breaks?limit=" + PAGE;
        JsonNode page = await(number, node -> wire.getAt(node, path));
        if (page == null) {
            return sent.unanswered("its breaks could not be read within " + PATIENCE.toSeconds() + " s");
        }
        if (page.has("next")) {
            return sent.wrong("more breaks than lines");
        }
        List<Break> breaks = new ArrayList<>();
        for (JsonNode item : page.path("items")) {
            boolean ours = item.has("ours");
            breaks.add(new Break(ours, minor(item.path(ours ? "ours" : "theirs").path("amount"))));
        }
        return new Reconciled(
                sent.account(),
                sent.statement(),
                sent.known(),
                answer.path("ours").path("lines").asLong(),
                minor(answer.path("ours").path("sum")),
                answer.path("matches").asLong(),
                breaks,
                answer.equals(again) ? null : "sent again under its key it was answered otherwise: " + again,
                null);
    }

    /** Of a true statement one that is wrong in places. */
    private List<Line> wrong(List<Line> lines) {
        List<Line> wrong = new ArrayList<>();
        for (Line line : lines) {
            if (random.nextInt(100) >= WRONG_PERCENT) {
                wrong.add(line);
                continue;
            }
            long other = NEVER_BOOKED + random.nextInt(1_000_000);
            switch (random.nextInt(3)) {
                case 0 -> {} // missing
                case 1 -> wrong.add(new Line(line.date(), other)); // another amount
                default -> {
                    wrong.add(line);
                    wrong.add(new Line(line.date(), -other)); // never booked
                }
            }
        }
        return wrong;
    }

    @FunctionalInterface
    private interface Asking {
        Wire.Reply at(int node) throws InterruptedException;
    }

    /** Asks one node after the other until there is an answer; a refusal is one; null when patience is over. */
    private @Nullable JsonNode await(int node, Asking asking) throws InterruptedException {
        long began = ticker.nanos();
        for (int at = node; ticker.nanos() - began < PATIENCE.toNanos(); at++) {
            switch (asking.at(at)) {
                case Wire.Reply.Done(JsonNode body) -> {
                    return body;
                }
                case Wire.Reply.Rejected(String code, long position) -> {
                    return JsonNodeFactory.instance.stringNode(code);
                }
                case Wire.Reply.NotDone ignored -> Thread.sleep(PAUSE);
                case Wire.Reply.Lost ignored -> Thread.sleep(PAUSE);
            }
        }
        return null;
    }

    private static long minor(JsonNode amount) {
        String text = amount.isObject() ? amount.path("amount").asString() : amount.asString();
        return new BigDecimal(text).movePointRight(2).longValueExact();
    }

    /** What was compared, once the one under way is done. */
    List<Reconciled> finish() throws InterruptedException {
        stop.countDown();
        thread.join();
        return List.copyOf(runs);
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
    }
}
