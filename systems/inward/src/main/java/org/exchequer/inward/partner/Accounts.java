package org.exchequer.inward.partner;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.exchequer.inward.partner.CoreBanking.Found;
import org.exchequer.inward.partner.CoreBanking.Lookup;
import org.exchequer.inward.partner.CoreBanking.NotFound;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.iso20022.Instruction.Priority;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Accounts, whichever core banking system has them, and as they were known last.
 *
 * <p>The system that a currency belongs to is asked first. When it cannot be reached, or takes longer than it usually
 * does, the other is asked too, where it keeps that currency, and whoever answers first is believed. That the other
 * does not know an account proves nothing: it is the first one's. After trouble the other is asked along with the first
 * until it is known to be well.
 *
 * <p>What is known is used for 30 s without asking, and read anew in the background when it is used after 20 s. It is
 * kept for an hour for when nobody answers: {@link #remembered}. That an account does not exist is believed for 2 s.
 */
public final class Accounts {
    private static final long FRESH = Duration.ofSeconds(30).toNanos();
    private static final long REFRESH_AFTER = Duration.ofSeconds(20).toNanos();
    private static final long NEGATIVE = Duration.ofSeconds(2).toNanos();
    private static final Duration KEPT = Duration.ofHours(1);
    private static final long REFRESH_TIME = Duration.ofSeconds(2).toNanos();
    private static final int MOST_ACCOUNTS = 200_000;
    private static final int MOST_REFRESHES = 16;

    private record Key(String number, String currency) {}

    private record Entry(Lookup lookup, long atNanos) {}

    /**
     * What is known of an account.
     *
     * @param lookup what was said of it
     * @param age how long ago; zero when it was asked for just now
     * @param cached whether nobody was asked
     */
    public record Known(Lookup lookup, Duration age, boolean cached) {}

    private final CoreBanking vam;
    private final CoreBanking midanz;
    private final long hedgeNanos;
    private final Ticker ticker;
    private final Cache<Key, Entry> cache;
    private final Set<Key> refreshing = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final Semaphore refreshes = new Semaphore(MOST_REFRESHES);

    /**
     * @param vam asked first for what it {@linkplain CoreBanking#holds holds}
     * @param midanz asked first for all else
     * @param hedgeAfter how long the first is waited for, at least, before the other is asked as well
     */
    public Accounts(CoreBanking vam, CoreBanking midanz, Duration hedgeAfter, Ticker ticker) {
        this.vam = vam;
        this.midanz = midanz;
        this.hedgeNanos = hedgeAfter.toNanos();
        this.ticker = ticker;
        this.cache = Caffeine.newBuilder()
                .maximumSize(MOST_ACCOUNTS)
                .expireAfterWrite(KEPT)
                .ticker(ticker::nanos)
                .build();
    }

    /** What is known of an account now; waits on the calling (virtual) thread. */
    public Reply<Known> account(String number, String currency, long deadlineNanos) {
        Key key = new Key(number, currency);
        Entry entry = cache.getIfPresent(key);
        if (entry != null) {
            long age = ticker.nanos() - entry.atNanos();
            if (age <= (entry.lookup() instanceof Found ? FRESH : NEGATIVE)) {
                if (age > REFRESH_AFTER) {
                    refresh(key);
                }
                return new Answered<>(new Known(entry.lookup(), Duration.ofNanos(age), true));
            }
        }
        return switch (ask(key, deadlineNanos)) {
            case Answered<Lookup>(Lookup lookup) -> new Answered<>(new Known(lookup, Duration.ZERO, false));
            case Late<Lookup>(String why) -> new Late<>(why);
            case Unreachable<Lookup>(Cause cause, String why) -> new Unreachable<>(cause, why);
        };
    }

    /** The system that is asked first for accounts in a currency. */
    public AccountInfo.Source first(String currency) {
        return (vam.holds(currency) ? vam : midanz).source();
    }

    /** An account as it was known within the last hour, for when nobody answers; empty when it was not. */
    public Optional<Known> remembered(String number, String currency) {
        Entry entry = cache.getIfPresent(new Key(number, currency));
        return entry != null && entry.lookup() instanceof Found found
                ? Optional.of(new Known(found, Duration.ofNanos(ticker.nanos() - entry.atNanos()), true))
                : Optional.empty();
    }

    /** Forgets an account: somebody knows that it has changed. */
    public void forget(String number, String currency) {
        cache.invalidate(new Key(number, currency));
    }

    private void refresh(Key key) {
        if (!refreshes.tryAcquire()) {
            return;
        }
        if (!refreshing.add(key)) {
            refreshes.release();
            return;
        }
        Thread.ofVirtual().name("inward-account-refresh").start(() -> {
            try {
                // When nobody answers, it is asked for in the foreground once what is known is too old.
                var unused = ask(key, ticker.nanos() + REFRESH_TIME);
            } finally {
                refreshing.remove(key);
                refreshes.release();
            }
        });
    }

    private Reply<Lookup> ask(Key key, long deadlineNanos) {
        CoreBanking first = vam.holds(key.currency()) ? vam : midanz;
        CoreBanking other = first == vam ? midanz : vam;
        Reply<Lookup> reply = other.holds(key.currency())
                ? askBoth(key, first, other, deadlineNanos)
                : first.account(key.number(), key.currency(), deadlineNanos);
        if (reply instanceof Answered<Lookup>(Lookup lookup)) {
            cache.put(key, new Entry(lookup, ticker.nanos()));
        }
        return reply;
    }

    /**
     * Asks the second, and passes over what it says. While the first is well nobody else would ask it, and its breakers
     * would be found open when it is needed.
     */
    private void probe(Key key, CoreBanking second) {
        if (probing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("inward-account-probe").start(() -> {
                try {
                    var unused = second.account(key.number(), key.currency(), ticker.nanos() + REFRESH_TIME);
                } finally {
                    probing.set(false);
                }
            });
        }
    }

    private record From(CoreBanking system, Reply<Lookup> reply) {}

    private Reply<Lookup> askBoth(Key key, CoreBanking first, CoreBanking other, long deadlineNanos) {
        if (other.due(key.currency())) {
            probe(key, other);
        }
        BlockingQueue<From> replies = new LinkedBlockingQueue<>();
        start(key, first, deadlineNanos, replies);
        From from = next(replies, alone(hedgeNanos, first.usualNanos(), deadlineNanos - ticker.nanos()));
        if (from != null && from.reply() instanceof Answered<Lookup>) {
            return from.reply();
        }
        Reply<Lookup> failed = from == null ? null : from.reply();
        int open = from == null ? 2 : 1;
        start(key, other, deadlineNanos, replies);
        while (open > 0) {
            from = next(replies, deadlineNanos - ticker.nanos());
            if (from == null) {
                return failed == null ? new Late<>("neither core banking system has answered in time") : failed;
            }
            open--;
            if (from.reply() instanceof Answered<Lookup>(Lookup lookup)
                    && (from.system() == first || !(lookup instanceof NotFound))) {
                return from.reply();
            }
            if (from.system() == first) {
                failed = from.reply();
            }
        }
        return failed == null ? new Late<>(first.source() + " has not answered in time") : failed;
    }

    /**
     * How long the first is waited for alone: what it usually takes, since asking both each time would double the load
     * on the other, but never so long that less than half the time is left for that one.
     */
    static long alone(long hedgeNanos, long usualNanos, long leftNanos) {
        return Math.min(leftNanos, Math.max(hedgeNanos, Math.min(usualNanos, leftNanos / 2)));
    }

    private static void start(Key key, CoreBanking system, long deadlineNanos, BlockingQueue<From> replies) {
        Priority priority = Places.priority();
        Thread.ofVirtual()
                .name("inward-account-" + system.source())
                .start(() -> ScopedValue.where(Places.PRIORITY, priority)
                        .run(() -> replies.add(
                                new From(system, system.account(key.number(), key.currency(), deadlineNanos)))));
    }

    private static @Nullable From next(BlockingQueue<From> replies, long waitNanos) {
        try {
            return replies.poll(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
