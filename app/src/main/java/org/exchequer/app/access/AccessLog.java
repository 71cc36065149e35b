package org.exchequer.app.access;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.AccessEntries;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.prooflog.ProofLog;
import org.exchequer.prooflog.ProofLogException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The trail of accesses as a proof log of its own: one JSON object per access, in the order in which they happened.
 * Calls that come together share an fsync. A log that has failed is opened again for the next call, once a second.
 */
public final class AccessLog implements AccessTrail, AccessEntries, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** Longer targets are cut: an entry of the log has at most 64 KiB, a request line 8. */
    private static final int MOST_TARGET = 8_192;

    private static final long SIGN_MS = 1_000;
    private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String NAME = "access";

    private final ProofLog.Settings settings;
    private final LocalActs acts;
    private final Clock clock;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final Thread signer =
            Thread.ofPlatform().name("access-log").daemon().unstarted(this::sign);
    private @Nullable ProofLog log;
    private long next;
    private long failedNanos;
    private boolean closed;

    /**
     * Opens the log, or makes it.
     *
     * @param data the data directory
     * @param acts what was left by commands, taken in from now on
     * @throws ProofLogException when it is damaged, or another process has it
     */
    public static AccessLog open(Path data, LocalActs acts, String node, Clock clock, Ticker ticker) {
        AccessLog opened = new AccessLog(ProofLog.Settings.in(data, NAME, origin(node)), acts, clock, ticker);
        opened.usable();
        opened.signer.start();
        return opened;
    }

    /** What the log of a node is called in its checkpoints. */
    private static String origin(String node) {
        return "exchequer/" + node.replaceAll("[^A-Za-z0-9._-]", "-") + "/access";
    }

    private AccessLog(ProofLog.Settings settings, LocalActs acts, Clock clock, Ticker ticker) {
        this.settings = settings;
        this.acts = acts;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public void leave(Access access) {
        keep(entry(clock.instant().toString(), access));
    }

    private void keep(byte[] entry) {
        ProofLog into = null;
        try {
            lock.lock();
            try {
                into = usable();
                into.append(next, entry);
                next++;
            } finally {
                lock.unlock();
            }
            into.commit();
        } catch (RuntimeException e) {
            fail(into);
            throw new UnavailableException(e);
        }
    }

    private static byte[] entry(String at, Access access) {
        ObjectNode node = MAPPER.createObjectNode().put("at", at).put("caller", access.caller());
        ArrayNode roles = node.putArray("roles");
        access.roles().stream().map(Role::claim).sorted().forEach(roles::add);
        String target = access.target();
        node.put("method", access.method())
                .put("target", target.length() > MOST_TARGET ? target.substring(0, MOST_TARGET) : target)
                .put("from", access.from());
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What commands have left; what cannot be taken in now waits for the next time. */
    private void takeIn() {
        try {
            for (Path file : acts.waiting()) {
                LocalActs.Act act = acts.read(file);
                if (act != null) {
                    keep(entry(act.at(), new Access(act.caller(), act.roles(), "COMMAND", act.act(), "local")));
                    acts.taken(file);
                }
            }
        } catch (UnavailableException | UncheckedIOException e) {
            LOG.warn("what was done on the command line is not in the access log yet: {}", e.getMessage());
        }
    }

    private ProofLog usable() {
        lock.lock();
        try {
            if (log == null) {
                if (closed) {
                    throw new ProofLogException("the access log is closed");
                }
                if (failedNanos != 0 && ticker.nanos() - failedNanos < REOPEN_NANOS) {
                    throw new ProofLogException("the access log failed a moment ago");
                }
                failedNanos = ticker.nanos();
                log = ProofLog.open(settings);
                next = log.size();
                failedNanos = 0;
            }
            return log;
        } finally {
            lock.unlock();
        }
    }

    /** Whatever is not durable by now is not there when it is opened again; its callers have been refused. */
    private void fail(@Nullable ProofLog failed) {
        lock.lock();
        try {
            if (failed != null && failed == log) {
                log = null;
                failedNanos = ticker.nanos();
                failed.close();
            }
        } catch (RuntimeException e) {
            LOG.warn("the access log has failed, and could not be closed either: {}", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    /** Takes in what commands left and signs what has come, once a second. */
    private void sign() {
        lock.lock();
        try {
            while (!closed) {
                takeIn();
                closing.awaitNanos(TimeUnit.MILLISECONDS.toNanos(SIGN_MS));
                publish(log);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static void publish(@Nullable ProofLog open) {
        try {
            if (open != null && open.signedSize() < open.size()) {
                open.publish();
            }
        } catch (ProofLogException e) {
            LOG.warn("the access log cannot be signed: {}", e.getMessage());
        }
    }

    @Override
    public Found search(Query query) {
        try {
            ProofLog open = usable();
            List<Entry> found = new ArrayList<>();
            long at = Math.min(query.before(), open.size()) - 1;
            long stop = at - MOST_LOOKED_AT;
            while (at >= 0 && at > stop && found.size() < query.limit()) {
                List<byte[]> entries = open.entriesTo(at);
                if (entries.isEmpty()) {
                    return new Found(found, null); // purged, as is everything before
                }
                for (byte[] entry : entries.reversed()) {
                    Entry access = entry(at, entry);
                    if (found.size() < query.limit()) {
                        at--;
                        if (matches(query, access)) {
                            found.add(access);
                        }
                    }
                }
            }
            return new Found(found, at < 0 ? null : at + 1);
        } catch (ProofLogException e) {
            throw new UnavailableException(e);
        }
    }

    private static boolean matches(Query query, Entry access) {
        Instant from = query.from();
        Instant until = query.until();
        return (query.caller().isEmpty() || query.caller().equals(access.caller()))
                && (access.method() + " " + access.target()).contains(query.act())
                && (from == null || !access.at().isBefore(from))
                && (until == null || access.at().isBefore(until));
    }

    private static Entry entry(long position, byte[] bytes) {
        JsonNode access = MAPPER.readTree(bytes);
        return new Entry(
                position,
                Instant.parse(access.path("at").asString()),
                access.path("caller").asString(),
                access.path("roles").valueStream().map(JsonNode::asString).toList(),
                access.path("method").asString(),
                access.path("target").asString(),
                access.path("from").asString());
    }

    @Override
    public Optional<String> prove(long position) {
        try {
            ProofLog open = usable();
            if (position >= open.signedSize() && position < open.size()) {
                open.publish();
            }
            return switch (open.prove(position)) {
                case ProofLog.Proof.Included proof -> Optional.of(proof.bundle().render());
                case ProofLog.Proof.NotSigned notYet -> Optional.empty();
                case ProofLog.Proof.Purged purged -> Optional.empty();
            };
        } catch (ProofLogException e) {
            throw new UnavailableException(e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            ProofLog open = log;
            log = null;
            if (open != null) {
                publish(open);
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
