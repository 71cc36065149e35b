package org.exchequer.ledger.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What the ledger counts. */
public final class LedgerMeters {
    private final MeterRegistry registry;
    private final Counter commands;
    private final Counter refused;
    private final Counter connectionLost;
    private final DistributionSummary batchSize;
    private final Timer commit;

    public LedgerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.commands = Counter.builder("ledger.commands")
                .description("Commands decided and durable, rejections included")
                .register(registry);
        this.refused = Counter.builder("ledger.refused")
                .description("Commands turned away because the queue was full")
                .register(registry);
        this.connectionLost = Counter.builder("ledger.batches.in.doubt")
                .description("Batches whose fate had to be looked up")
                .register(registry);
        this.batchSize = DistributionSummary.builder("ledger.batch.size")
                .description("Commands per commit")
                .register(registry);
        this.commit = Timer.builder("ledger.commit")
                .description("From taking a batch to its commit")
                .register(registry);
    }

    void committed(int size, long nanos) {
        commands.increment(size);
        batchSize.record(size);
        commit.record(nanos, TimeUnit.NANOSECONDS);
    }

    void refused() {
        refused.increment();
    }

    void connectionLost() {
        connectionLost.increment();
    }

    /** Registers a value that is read when asked for. */
    public <T> void gauge(String name, String description, T subject, ToDoubleFunction<T> value) {
        io.micrometer.core.instrument.Gauge.builder(name, subject, value)
                .description(description)
                .register(registry);
    }
}
