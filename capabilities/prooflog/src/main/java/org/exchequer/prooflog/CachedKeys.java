package org.exchequer.prooflog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.exchequer.kernel.Ticker;

/**
 * Remembers what another store keeps, wrapped as it is, for a short time. What is erased elsewhere is thus gone here
 * when that time is over; what is erased through this one, at once, unless it is being read at that very moment.
 */
public final class CachedKeys implements SubjectKeyStore {
    /** How long a key that was erased elsewhere may still be used here. */
    public static final Duration LIFE = Duration.ofSeconds(2);

    private static final long MOST = 10_000;

    private final SubjectKeyStore store;
    private final Cache<String, byte[]> known;

    public CachedKeys(SubjectKeyStore store, Ticker ticker) {
        this.store = store;
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(LIFE)
                .ticker(ticker::nanos)
                .build();
    }

    @Override
    public Map<String, byte[]> find(Set<String> names) {
        Map<String, byte[]> found = new HashMap<>(known.getAllPresent(names));
        if (found.size() < names.size()) {
            Set<String> missing = new HashSet<>(names);
            missing.removeAll(found.keySet());
            Map<String, byte[]> read = store.find(missing);
            known.putAll(read);
            found.putAll(read);
        }
        return found;
    }

    @Override
    public byte[] putIfAbsent(String name, byte[] wrapped) {
        byte[] kept = store.putIfAbsent(name, wrapped);
        known.put(name, kept);
        return kept;
    }

    @Override
    public SortedMap<String, Boolean> names() {
        return store.names();
    }

    @Override
    public boolean erase(String name) {
        boolean had = store.erase(name);
        erased(name);
        return had;
    }

    /** This key was destroyed past this object: what is remembered of it is gone at once. */
    public void erased(String name) {
        known.put(name, new byte[0]);
    }
}
