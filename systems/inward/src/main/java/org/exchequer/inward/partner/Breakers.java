package org.exchequer.inward.partner;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.exchequer.inward.partner.BreakerBoard.Closed;
import org.exchequer.inward.partner.BreakerBoard.Notice;
import org.exchequer.inward.partner.BreakerBoard.Opened;
import org.exchequer.inward.partner.BreakerBoard.Subscription;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * All breakers of a node: one for each partner, one for each operation of it, one for each resource of that (a bank, a
 * currency). A call must pass all three. Of resources, those used last are kept, at most 1,000. Beside them, how many
 * calls to each partner may be under way.
 */
public final class Breakers implements AutoCloseable {
    private static final int MOST_RESOURCES = 1_000;
    private static final long FOREVER = TimeUnit.DAYS.toNanos(1);
    /** What names look like. */
    public static final Pattern NAME = Pattern.compile("[a-z]{1,20}(/[a-z]{1,20}(/[A-Za-z0-9.-]{1,34})?)?");

    /** What can be called, and so cut off: partners with their operations. */
    private static final Map<String, List<String>> OPERATIONS = new TreeMap<>(Map.of(
            "vam", List.of("account"),
            "midanz", List.of("account"),
            "availability", List.of("banks"),
            "liquidity", List.of("reserve", "confirm", "release", "cancel")));

    private final String node;
    private final Ticker ticker;
    private volatile BreakerSettings standard;
    private volatile BreakerSettings resource;
    private final BreakerBoard board;
    private final Map<String, Breaker> fixed = new ConcurrentHashMap<>();
    private final Cache<String, Breaker> resources =
            Caffeine.newBuilder().maximumSize(MOST_RESOURCES).build();
    private final Map<String, Places> bulkheads = new ConcurrentHashMap<>();
    private final Subscription subscription;
    /** Whether the calling thread changes a breaker because it was told to: that is nobody's own evidence. */
    private final ThreadLocal<Boolean> told = ThreadLocal.withInitial(() -> false);

    /** Changes of state so far, by which it is known whether {@link #notClosed} was looked up before the last. */
    private final AtomicLong changes = new AtomicLong();

    private volatile NotClosed notClosed = new NotClosed(List.of(), -1, 0);

    /** Those that were not closed after so many changes; an override may end by itself at a time. */
    private record NotClosed(List<String> labels, long changes, long untilNanos) {}

    /**
     * @param node name of this node, unlike those of the others on the board
     * @param standard for partners and operations
     * @param resource for resources
     */
    public Breakers(
            String node, Ticker ticker, BreakerSettings standard, BreakerSettings resource, BreakerBoard board) {
        this.node = node;
        this.ticker = ticker;
        this.standard = standard;
        this.resource = resource;
        this.board = board;
        this.subscription = board.listen(this::hear);
    }

    /** With the standard settings, for a process that is the only one. */
    public Breakers(String node, Ticker ticker) {
        this(node, ticker, BreakerSettings.STANDARD, BreakerSettings.RESOURCE, BreakerBoard.inMemory());
    }

    /** The breaker of that name, new if it must be. */
    Breaker breaker(String name) {
        boolean ofResource = name.indexOf('/') != name.lastIndexOf('/');
        Breaker known = ofResource ? resources.getIfPresent(name) : fixed.get(name);
        if (known != null) {
            return known;
        }
        return ofResource
                ? resources.get(name, key -> make(key, resource))
                : fixed.computeIfAbsent(name, key -> make(key, standard));
    }

    /** The places for calls to a partner, so many until {@link #limit} says otherwise. */
    Places places(String partner, int calls) {
        return bulkheads.computeIfAbsent(partner, name -> new Places(calls));
    }

    /** So many calls may be under way from now on; those that are stay so. */
    public void limit(CallLimits calls) {
        calls.byPartner().forEach((partner, most) -> places(partner, most).resize(most));
    }

    private Breaker make(String name, BreakerSettings settings) {
        return new Breaker(name, settings, ticker, (from, to) -> {
            changes.incrementAndGet();
            if (told.get()) {
                return;
            }
            if (to == State.OPEN) {
                board.post(new Opened(node, name));
            } else if (to == State.CLOSED && from == State.HALF_OPEN) {
                board.post(new Closed(node, name));
            }
        });
    }

    private void hear(Notice notice) {
        if (notice.node().equals(node) || !NAME.matcher(notice.breaker()).matches()) {
            return;
        }
        Breaker breaker = breaker(notice.breaker());
        told.set(true);
        try {
            switch (notice) {
                case Opened opened -> breaker.openBecauseTold();
                case Closed closed -> breaker.probeBecauseTold();
            }
        } finally {
            told.remove();
        }
    }

    /**
     * Forces a breaker open or closed for a while, on this node.
     *
     * @param name of a partner, an operation or a resource, such as {@code vam/account}
     * @throws IllegalArgumentException when no breaker can have that name
     */
    public void force(String name, BreakerOverride override) {
        change(name, override);
    }

    /** Takes back what was forced. */
    public void letGo(String name) {
        change(name, null);
    }

    private void change(String name, @Nullable BreakerOverride override) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must be partner, partner/operation or partner/operation/resource");
        }
        breaker(name).force(override);
        changes.incrementAndGet();
    }

    /** Breakers work by these from now on: what they have learnt begins anew, what is open or forced stays so. */
    public void adapt(BreakerSettings newStandard, BreakerSettings newResource) {
        if (newStandard.equals(standard) && newResource.equals(resource)) {
            return;
        }
        standard = newStandard;
        resource = newResource;
        told.set(true);
        try {
            fixed.replaceAll((name, old) -> make(name, newStandard).as(old));
            resources.asMap().replaceAll((name, old) -> make(name, newResource).as(old));
        } finally {
            told.remove();
        }
        changes.incrementAndGet();
    }

    /** Whether a name is that of a partner, of one of its operations, or of anything within one. */
    public static boolean isKnown(String name) {
        String[] parts = name.split("/", 3);
        List<String> operations = OPERATIONS.get(parts[0]);
        return NAME.matcher(name).matches()
                && operations != null
                && (parts.length == 1 || operations.contains(parts[1]));
    }

    /** What {@link #isKnown} goes by, for people. */
    public static String known() {
        return OPERATIONS.entrySet().stream()
                .flatMap(partner -> partner.getValue().stream().map(operation -> partner.getKey() + "/" + operation))
                .collect(Collectors.joining(", "));
    }

    /** All that were ever used or forced, by name. */
    public List<BreakerReading> readings() {
        return all().map(Breaker::reading)
                .sorted(Comparator.comparing(BreakerReading::name))
                .toList();
    }

    public Optional<BreakerReading> reading(String name) {
        return all().filter(breaker -> breaker.name().equals(name)).findFirst().map(Breaker::reading);
    }

    /**
     * {@link BreakerReading#label} of those that are not closed, for a payment's record. Asked for at every step of
     * every payment: made anew only when a state has changed.
     */
    public List<String> notClosed() {
        NotClosed last = notClosed;
        long now = changes.get();
        if (last.changes() == now && (last.labels().isEmpty() || last.untilNanos() - ticker.nanos() > 0)) {
            return last.labels();
        }
        List<String> labels = all().map(breaker -> new Labelled(breaker.name(), breaker.state()))
                .filter(breaker -> breaker.state() != BreakerReading.State.CLOSED)
                .map(breaker -> breaker.name() + "=" + breaker.state())
                .sorted()
                .toList();
        long until =
                all().mapToLong(breaker -> breaker.nanosForced(FOREVER)).min().orElse(FOREVER);
        notClosed = new NotClosed(labels, now, ticker.nanos() + until);
        return labels;
    }

    private record Labelled(String name, BreakerReading.State state) {}

    private Stream<Breaker> all() {
        return Stream.concat(fixed.values().stream(), resources.asMap().values().stream());
    }

    @Override
    public void close() {
        subscription.close();
    }
}
