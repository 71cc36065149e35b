package org.exchequer.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.edge.grpc.LedgerRpc;
import org.exchequer.ledger.edge.grpc.NodeClient;
import org.exchequer.ledger.edge.grpc.NodeRpc;
import org.exchequer.ledger.edge.http.LedgerDoors;
import org.exchequer.ledger.edge.kafka.JournalTail;
import org.exchequer.ledger.edge.kafka.LedgerRelay;
import org.exchequer.ledger.edge.kafka.TopicAudit;
import org.exchequer.ledger.jobs.Auditor;
import org.exchequer.ledger.jobs.Committer;
import org.exchequer.ledger.jobs.Leadership;
import org.exchequer.ledger.jobs.Leadership.Engine;
import org.exchequer.ledger.jobs.LedgerMeters;
import org.exchequer.ledger.jobs.ProofFeed;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.ledger.store.WriterLease;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.infra.SmallFiles;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.prooflog.ProofLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The core ledger. Needs a database; offers {@link #ledger}. */
public final class LedgerModule implements SystemModule {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerModule.class);

    private static final long PROJECTION_WAIT_MS = 10_000;
    private static final int WRITER_TIMEOUT_MS = 10_000;
    /** Recovery and checks of a large ledger take seconds; nothing takes minutes. */
    private static final int JOB_TIMEOUT_MS = 60_000;
    /** The first closing of a ledger that has run for long adds up its whole history. */
    private static final int PROJECTION_TIMEOUT_MS = 600_000;

    private static final Outcome NOT_THE_WRITER = new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500);

    private final Foundation foundation;
    private final MasterKeys masters;
    private final boolean whole;
    private final int shard;
    private final Topic events;
    private volatile @Nullable Parts parts;

    /** Everything that exists once the module has started. */
    private record Parts(
            Database database,
            Leadership leadership,
            NodeClient nodes,
            Auditor auditor,
            Ledger ledger,
            SubjectVault vault,
            LedgerRpc rpc,
            NodeRpc nodeRpc,
            @Nullable Relay relay,
            @Nullable TopicAudit topic,
            @Nullable ProofFeed feed) {}

    /** A whole ledger without a master key: it seals nothing. */
    public LedgerModule(Foundation foundation) {
        this(foundation, MasterKeys.NONE);
    }

    /** @param masters where the master key is that its subjects' keys are wrapped with */
    public LedgerModule(Foundation foundation, MasterKeys masters) {
        this(foundation, 0, masters, true);
    }

    /**
     * One of several shards: its ledger takes commands as they are, since {@link #sealing} stands over all of them.
     *
     * @param shard its number; the log of the first is where that of a whole ledger is, those of others in folders of
     *     their own
     * @param masters as above, where the keys are to be in this one's database
     */
    public LedgerModule(Foundation foundation, int shard, MasterKeys masters) {
        this(foundation, shard, masters, false);
    }

    private LedgerModule(Foundation foundation, int shard, MasterKeys masters, boolean whole) {
        this.foundation = foundation;
        this.masters = masters;
        this.whole = whole;
        this.shard = shard;
        this.events = LedgerRelay.shard(shard);
    }

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public void start() {
        Database database = Database.open(foundation.database(), name(), foundation.meters(), foundation.telemetry());
        SubjectVault vault = vault(database);
        JournalReader reader = new JournalReader();
        LedgerMeters meters = new LedgerMeters(foundation.meters());
        Leadership leadership = new Leadership(
                foundation,
                () -> writerConnection(database),
                () -> connection(database, PROJECTION_TIMEOUT_MS),
                reader,
                meters);
        NodeClient nodes = new NodeClient(foundation.ticker());
        Ledger plain = new LedgerService(
                leadership, database.dataSource(), reader, foundation.clock(), foundation.ticker(), forwarding(nodes));
        Ledger ledger = whole ? new SealingLedger(plain, vault) : plain;
        Relay relay = relay(database, reader);
        ProofFeed feed = feed(database);
        parts = new Parts(
                database,
                leadership,
                nodes,
                new Auditor(() -> connection(database, JOB_TIMEOUT_MS), foundation.clock()),
                ledger,
                vault,
                new LedgerRpc(ledger, feed == null ? Proofs.NONE : feed, foundation.clock(), foundation.ticker()),
                new NodeRpc(List.of(writer(leadership)), foundation.ticker()),
                relay,
                relay == null ? null : topicAudit(database, reader),
                feed);
        meters.gauge("ledger.projection.lag", "Journal entries not yet projected", leadership, l -> {
            Engine engine = l.engine();
            return engine == null ? 0 : engine.projector().lag();
        });
        meters.gauge("ledger.streams", "Open gRPC streams of commands", parts().rpc(), LedgerRpc::openStreams);
        meters.gauge("ledger.queue", "Commands waiting for the writer", leadership, l -> {
            Engine engine = l.engine();
            return engine == null ? 0 : engine.committer().queued();
        });
        try {
            leadership.start();
            if (relay != null) {
                relay.start();
            }
            if (feed != null) {
                feed.start();
                meters.gauge("ledger.proof.entries", "Journal entries in the proof log", feed, ProofFeed::size);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting the ledger", interrupted);
        }
    }

    private SubjectVault vault(Database database) {
        SubjectVault vault = new SubjectVault(database.dataSource(), masters, foundation.ticker());
        try {
            vault.start();
            return vault;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static NodeRpc.Writer writer(Leadership leadership) {
        return new NodeRpc.Writer(
                leadership::token,
                command -> here(leadership, committer -> committer.submit(command), NOT_THE_WRITER),
                commands -> here(
                        leadership,
                        committer -> committer.submitLinked(commands),
                        Collections.nCopies(commands.size(), NOT_THE_WRITER)));
    }

    /** What takes commands from other nodes while this one is the writer; after {@link #start}. */
    public NodeRpc.Writer writer() {
        return writer(parts().leadership());
    }

    private static LedgerService.Forwarding forwarding(NodeClient nodes) {
        return new LedgerService.Forwarding() {
            @Override
            public CompletableFuture<Outcome> one(Holder writer, Command command) {
                return nodes.send(writer, command);
            }

            @Override
            public CompletableFuture<List<Outcome>> linked(Holder writer, List<Command> commands) {
                return nodes.sendLinked(writer, commands);
            }
        };
    }

    /** Events follow the journal to Kafka; without an address for Kafka there is none. */
    private @Nullable Relay relay(Database database, JournalReader reader) {
        return foundation.kafkaBootstrapServers().isEmpty()
                ? null
                : LedgerRelay.of(
                        events,
                        database::connect,
                        new JournalTail(reader),
                        new KafkaClients(foundation.kafkaBootstrapServers()),
                        foundation.faults(),
                        foundation.meters(),
                        foundation.ticker());
    }

    private TopicAudit topicAudit(Database database, JournalReader reader) {
        return new TopicAudit(
                events,
                database::connect,
                new JournalTail(reader),
                new KafkaClients(foundation.kafkaBootstrapServers()),
                foundation.clock());
    }

    /** A proof log follows the journal to this process's files; without a folder for them there is none. */
    private @Nullable ProofFeed feed(Database database) {
        return foundation
                .files()
                .map(files -> new ProofFeed(
                        () -> connection(database, JOB_TIMEOUT_MS),
                        logOf(files),
                        foundation.ticker(),
                        foundation.clock()))
                .orElse(null);
    }

    /** That of a shard is in a folder of its own, has its number in its name, and its key is kept beside the folder. */
    private ProofLog.Settings logOf(Path files) {
        String node = "exchequer/" + foundation.node().replaceAll("[^A-Za-z0-9._-]", "-");
        String whole = node + "/" + name();
        if (shard == 0) {
            return ProofLog.Settings.in(files, name(), whole);
        }
        String part = "s" + shard;
        ProofLog.Settings settings =
                ProofLog.Settings.in(files, Path.of("shards", part), name(), node + "/" + part + "/" + name());
        // Those that were begun without the number go on under the name that their checkpoints have.
        return SmallFiles.read(settings.folder().resolve("log.vkey"))
                .filter(vkey -> vkey.startsWith(whole + "+"))
                .map(vkey -> ProofLog.Settings.in(files, Path.of("shards", part), name(), whole))
                .orElse(settings);
    }

    /** Named, so that a successor finds it, and impatient: a batch that hangs is in doubt and must be looked up. */
    private static Connection writerConnection(Database database) throws SQLException {
        Connection connection = connection(database, WRITER_TIMEOUT_MS);
        try (Statement s = connection.createStatement()) {
            s.execute("SET application_name = '" + WriterLease.WRITER_SESSION + "'");
        }
        return connection;
    }

    /** A connection that does not wait for ever for a server that went away without a word. */
    private static Connection connection(Database database, int timeoutMs) throws SQLException {
        Connection connection = database.connect();
        connection.setNetworkTimeout(Runnable::run, timeoutMs);
        return connection;
    }

    /** The ledger; after {@link #start}. */
    public Ledger ledger() {
        return parts().ledger();
    }

    /** The keys of the persons that it has data of; after {@link #start}. */
    public Subjects subjects() {
        return parts().vault();
    }

    /** A ledger of several shards, this being the first, with personal data sealed; after {@link #start}. */
    public Ledger sealing(Ledger overAll) {
        return new SealingLedger(overAll, parts().vault());
    }

    /** The proof log over its journal; after {@link #start}. */
    public Proofs proofs() {
        ProofFeed feed = parts().feed();
        return feed == null ? Proofs.NONE : feed;
    }

    /** The running engine when this process is the writer, else null: for tests and benchmarks. */
    public @Nullable Engine engine() {
        return parts().leadership().engine();
    }

    @Override
    public Readiness readiness() {
        Parts running = parts;
        if (running == null) {
            return new Readiness(false, "not started");
        }
        Engine engine = running.leadership().engine();
        if (engine != null) {
            return engine.committer().holdsLease()
                    ? new Readiness(
                            true,
                            "writer, epoch " + engine.committer().epoch() + ", sequence "
                                    + engine.committer().committedSequence())
                    : new Readiness(false, "writer, but the database does not answer");
        }
        Holder other = running.leadership().otherWriter();
        return other != null
                ? new Readiness(true, "standby, the writer is " + other.url())
                : new Readiness(
                        false,
                        running.leadership().failure() == null
                                ? "no writer is known"
                                : "the books cannot be opened: "
                                        + running.leadership().failure().getMessage());
    }

    @Override
    public List<InvariantResult> checkInvariants() {
        Parts running = parts();
        try {
            Engine engine = running.leadership().engine();
            if (engine != null) {
                engine.projector().await(engine.committer().committedSequence(), PROJECTION_WAIT_MS);
            }
            List<InvariantResult> results = new ArrayList<>(running.auditor().check());
            if (engine != null) {
                results.add(running.auditor().memoryAgrees(engine.books(), engine.projector()));
            }
            if (running.topic() != null) {
                results.add(running.topic().check());
            }
            if (running.feed() != null) {
                results.add(running.feed().invariant());
            }
            return results;
        } catch (SQLException e) {
            LOG.warn("invariants not checked", e);
            return List.of(new InvariantResult(
                    "invariants can be checked",
                    false,
                    0,
                    "",
                    foundation.clock().instant(),
                    "not checked: " + e.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public List<Object> controllers() {
        return LedgerDoors.controllers(ledger(), proofs(), subjects(), foundation.ticker());
    }

    @Override
    public List<GrpcService> grpcServices() {
        Parts running = parts();
        return List.of(running.rpc().service(), running.nodeRpc().service());
    }

    /** To this process's committer, and nowhere else. */
    private static <T> CompletableFuture<T> here(
            Leadership leadership, Function<Committer, CompletableFuture<T>> submit, T otherwise) {
        Engine engine = leadership.engine();
        return engine != null ? submit.apply(engine.committer()) : CompletableFuture.completedFuture(otherwise);
    }

    @Override
    public List<Route> routes() {
        return LedgerDoors.routes();
    }

    @Override
    public void close() {
        Parts running = parts;
        if (running == null) {
            return;
        }
        parts = null;
        running.rpc().close();
        running.nodeRpc().close();
        if (running.relay() != null) {
            running.relay().close();
        }
        if (running.feed() != null) {
            running.feed().close();
        }
        try {
            running.leadership().stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        running.nodes().close();
        running.database().close();
    }

    private Parts parts() {
        Parts running = parts;
        if (running == null) {
            throw new IllegalStateException("the ledger has not been started");
        }
        return running;
    }
}
