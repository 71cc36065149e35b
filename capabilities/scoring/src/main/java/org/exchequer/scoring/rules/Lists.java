package org.exchequer.scoring.rules;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Party;
import org.jspecify.annotations.Nullable;

/** Whom to trust and whom to refuse, by pseudonym, each until a time. Never changed: swapped as a whole. */
public final class Lists {
    /** Most entries. */
    public static final int MOST = 5_000_000;

    /** No list. */
    public static final Lists NONE = new Lists(List.of());

    private static final int MOST_REASON = 200;

    /** What an entry names. */
    public enum Kind {
        ACCOUNT,
        ENTITY,
        DEVICE,
        ADDRESS,
        /** Of the payer or the payee, by the number that the caller gives it. */
        BANK
    }

    /**
     * One name on a list.
     *
     * @param kind what is named
     * @param key its pseudonym, not 0
     * @param deny true refuses, false trusts; if both lists name it, it is refused
     * @param reason why, up to 200 characters, for people
     * @param untilMillis first moment at which it counts no more, in milliseconds since 1970
     */
    public record Entry(Kind kind, long key, boolean deny, String reason, long untilMillis) {
        public Entry {
            if (key == Party.UNKNOWN) {
                throw new IllegalArgumentException("key must be a pseudonym other than 0");
            }
            if (reason.isBlank() || reason.length() > MOST_REASON) {
                throw new IllegalArgumentException("reason must have 1 to " + MOST_REASON + " characters");
            }
        }
    }

    private final Map<Kind, Map<Long, Entry>> denied = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<Long, Entry>> allowed = new EnumMap<>(Kind.class);

    public Lists(Collection<Entry> entries) {
        if (entries.size() > MOST) {
            throw new IllegalArgumentException("at most " + MOST + " entries, not " + entries.size());
        }
        for (Entry entry : entries) {
            (entry.deny() ? denied : allowed)
                    .computeIfAbsent(entry.kind(), any -> new HashMap<>())
                    .merge(entry.key(), entry, (one, other) -> one.untilMillis() >= other.untilMillis() ? one : other);
        }
    }

    /** Whether it names nobody. */
    public boolean isEmpty() {
        return denied.isEmpty() && allowed.isEmpty();
    }

    /** The entry that refuses the payer, the payee, or where the order came from; null if none does. */
    @Nullable
    Entry denies(Subject subject) {
        Event event = subject.event();
        Entry found = entry(denied, Kind.ACCOUNT, event.creditor().account(), event);
        found = found != null
                ? found
                : entry(denied, Kind.ENTITY, event.creditor().entity(), event);
        found = found != null ? found : payer(denied, event);
        found = found != null ? found : entry(denied, Kind.BANK, subject.payeeBank(), event);
        return found != null ? found : entry(denied, Kind.BANK, subject.payerBank(), event);
    }

    /** Whether an account or a bank may neither pay nor be paid at a time. */
    public boolean denies(Kind kind, long key, long millis) {
        return entry(denied, kind, key, millis) != null;
    }

    /** The entry that trusts the payee; a payer is not trusted, for it may not be the payer who orders. */
    @Nullable
    Entry allows(Subject subject) {
        Event event = subject.event();
        Entry found = entry(allowed, Kind.ACCOUNT, event.creditor().account(), event);
        found = found != null
                ? found
                : entry(allowed, Kind.ENTITY, event.creditor().entity(), event);
        return found != null ? found : entry(allowed, Kind.BANK, subject.payeeBank(), event);
    }

    private static @Nullable Entry payer(Map<Kind, Map<Long, Entry>> list, Event event) {
        Entry found = entry(list, Kind.ACCOUNT, event.debtor().account(), event);
        found = found != null ? found : entry(list, Kind.ENTITY, event.debtor().entity(), event);
        found = found != null ? found : entry(list, Kind.DEVICE, event.origin().device(), event);
        return found != null ? found : entry(list, Kind.ADDRESS, event.origin().ip(), event);
    }

    private static @Nullable Entry entry(Map<Kind, Map<Long, Entry>> list, Kind kind, long key, Event event) {
        return entry(list, kind, key, event.timeMillis());
    }

    private static @Nullable Entry entry(Map<Kind, Map<Long, Entry>> list, Kind kind, long key, long millis) {
        Map<Long, Entry> entries = list.get(kind);
        Entry entry = entries == null ? null : entries.get(key);
        return entry == null || millis >= entry.untilMillis() ? null : entry;
    }
}
