package org.exchequer.app;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.edge.grpc.LedgerRpc;
import org.exchequer.ledger.edge.grpc.NodeRpc;
import org.exchequer.ledger.edge.http.LedgerDoors;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.shards.ShardsModule;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.api.Shards;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.edge.http.ShardProofsDoor;
import org.jspecify.annotations.Nullable;

/** The core ledger over several databases: one ledger module on each, and what makes them one. */
public final class ShardedSystem implements SystemModule {
    private final Foundation foundation;
    private final List<LedgerModule> ledgers = new ArrayList<>();
    private volatile @Nullable Parts parts;

    private record Parts(ShardsModule shards, Ledger ledger, LedgerRpc rpc, NodeRpc nodes) {}

    /**
     * @param databases one per shard, in the order in which they were added; the first holds the directory and the keys
     *     of personal data, too
     * @param masters where the master key of those is
     */
    public ShardedSystem(Foundation foundation, List<DatabaseAddress> databases, MasterKeys masters) {
        this.foundation = foundation;
        for (int i = 0; i < databases.size(); i++) {
            ledgers.add(new LedgerModule(of(foundation, i, databases.get(i)), i, i == 0 ? masters : MasterKeys.NONE));
        }
    }

    /** What a shard stands on: its own database, its meters under its name. */
    private static Foundation of(Foundation whole, int shard, DatabaseAddress database) {
        CompositeMeterRegistry meters = new CompositeMeterRegistry();
        meters.config().commonTags("shard", name(shard));
        meters.add(whole.meters());
        return new Foundation(
                whole.clock(),
                whole.ticker(),
                whole.faults(),
                meters,
                whole.telemetry(),
                whole.node(),
                whole.baseUrl(),
                database,
                whole.kafkaBootstrapServers(),
                whole.files());
    }

    private static String name(int shard) {
        return "s" + shard;
    }

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public void start() {
        try {
            startAll();
        } catch (RuntimeException e) {
            // What has begun to write must not go on by itself.
            close();
            throw e;
        }
    }

    private void startAll() {
        List<Shard> shards = new ArrayList<>();
        for (LedgerModule ledger : ledgers) {
            ledger.start();
            shards.add(new Shard(shards.size(), name(shards.size()), ledger.ledger()));
        }
        ShardsModule module = ShardsModule.start(foundation, shards);
        Ledger ledger = ledgers.getFirst().sealing(module.ledger());
        parts = new Parts(
                module,
                ledger,
                new LedgerRpc(ledger, proofs(), foundation.clock(), foundation.ticker()),
                new NodeRpc(ledgers.stream().map(LedgerModule::writer).toList(), foundation.ticker()));
    }

    /** The ledger over all shards; after {@link #start}. */
    public Ledger ledger() {
        return parts().ledger();
    }

    /** The keys of the persons that it has data of, which the first shard keeps; after {@link #start}. */
    public Subjects subjects() {
        return ledgers.getFirst().subjects();
    }

    /** For those who run them; after {@link #start}. */
    public Shards shards() {
        return parts().shards();
    }

    /**
     * Each shard has a proof log of its own, which {@link ShardProofsDoor} serves; what is served as the ledger's is
     * the first shard's.
     */
    public Proofs proofs() {
        return new Proofs() {
            @Override
            public Proof prove(long position) {
                return Ids.shard(position) < ledgers.size()
                        ? ledgers.get(Ids.shard(position)).proofs().prove(Ids.local(position))
                        : new Proof.NotReady("no shard has this number");
            }

            @Override
            public List<Long> parts(long position) {
                return ShardedSystem.this.parts().shards().ledger().parts(position);
            }

            @Override
            public List<Log> logs() {
                List<Log> logs = new ArrayList<>();
                for (int i = 0; i < ledgers.size(); i++) {
                    long before = Ids.global(i, 0);
                    ledgers.get(i).proofs().key().ifPresent(key -> logs.add(new Log(key, before)));
                }
                return logs;
            }

            @Override
            public Optional<byte[]> resource(String path) {
                return ledgers.getFirst().proofs().resource(path);
            }

            @Override
            public Optional<String> key() {
                return ledgers.getFirst().proofs().key();
            }
        };
    }

    @Override
    public Readiness readiness() {
        if (parts == null) {
            return new Readiness(false, "not started");
        }
        boolean ready = true;
        StringBuilder detail = new StringBuilder();
        for (int i = 0; i < ledgers.size(); i++) {
            Readiness shard = ledgers.get(i).readiness();
            ready &= shard.ready();
            detail.append(i == 0 ? "" : "; ").append(name(i)).append(": ").append(shard.detail());
        }
        return new Readiness(ready, detail.toString());
    }

    @Override
    public List<InvariantResult> checkInvariants() {
        List<InvariantResult> results = new ArrayList<>(parts().shards().checkInvariants());
        for (int i = 0; i < ledgers.size(); i++) {
            for (InvariantResult result : ledgers.get(i).checkInvariants()) {
                results.add(new InvariantResult(
                        "shard " + name(i) + ": " + result.statement(),
                        result.holds(),
                        result.checked(),
                        result.unit(),
                        result.checkedAt(),
                        result.detail()));
            }
        }
        return results;
    }

    @Override
    public List<Object> controllers() {
        List<Object> controllers =
                new ArrayList<>(LedgerDoors.controllers(ledger(), proofs(), subjects(), foundation.ticker()));
        controllers.addAll(parts().shards().controllers());
        controllers.add(
                new ShardProofsDoor(ledgers.stream().map(LedgerModule::proofs).toList()));
        return controllers;
    }

    @Override
    public List<GrpcService> grpcServices() {
        return List.of(parts().rpc().service(), parts().nodes().service());
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(LedgerDoors.routes());
        routes.addAll(parts().shards().routes());
        routes.addAll(ShardProofsDoor.routes());
        return routes;
    }

    @Override
    public void close() {
        Parts running = parts;
        parts = null;
        if (running != null) {
            running.rpc().close();
            running.nodes().close();
            running.shards().close();
        }
        ledgers.forEach(LedgerModule::close);
    }

    private Parts parts() {
        Parts running = parts;
        if (running == null) {
            throw new IllegalStateException("the ledger has not been started");
        }
        return running;
    }
}
