package org.exchequer.platform.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Metrics and traces of one process, built once at its root and passed on. Spans are recorded only when somebody
 * collects them; trace ids exist always, for logs and problems. Trace context is W3C {@code traceparent}.
 */
public final class Telemetry implements AutoCloseable {
    private static final String SERVICE = "exchequer";

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final OpenTelemetrySdk openTelemetry;
    private final ObservationRegistry observations = ObservationRegistry.create();
    private final List<AutoCloseable> binders = new ArrayList<>();

    private Telemetry(String version, @Nullable SpanExporter exporter) {
        SdkTracerProviderBuilder tracing = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.builder()
                                .put("service.name", SERVICE)
                                .put("service.version", version)
                                .build())));
        if (exporter == null) {
            tracing.setSampler(Sampler.alwaysOff());
        } else {
            tracing.setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                    .addSpanProcessor(BatchSpanProcessor.builder(exporter).build());
        }
        openTelemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(tracing.build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        Tracer tracer = openTelemetry.getTracer(SERVICE);
        OtelTracer bridge = new OtelTracer(tracer, new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator = new OtelPropagator(openTelemetry.getPropagators(), tracer);
        observations
                .observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(meters))
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingReceiverTracingObservationHandler<>(bridge, propagator),
                        new DefaultTracingObservationHandler(bridge)));
        bindProcess();
    }

    /**
     * @param version the program's, for the traces' resource
     * @param otlpEndpoint where a collector listens for OTLP over HTTP, e.g. {@code http://127.0.0.1:4318} (the value
     *     of {@code OTEL_EXPORTER_OTLP_ENDPOINT}); without it no span is recorded or sent
     */
    public static Telemetry create(String version, @Nullable String otlpEndpoint) {
        return new Telemetry(version, otlpEndpoint == null ? null : exporter(otlpEndpoint));
    }

    private static SpanExporter exporter(String endpoint) {
        String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        return OtlpHttpSpanExporter.builder().setEndpoint(base + "/v1/traces").build();
    }

    /** With spans going to this exporter, e.g. one that keeps them in memory. */
    public static Telemetry exportingTo(String version, SpanExporter exporter) {
        return new Telemetry(version, exporter);
    }

    private void bindProcess() {
        new ClassLoaderMetrics().bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        JvmGcMetrics gc = new JvmGcMetrics();
        gc.bindTo(meters);
        binders.add(gc);
        LogbackMetrics logs = new LogbackMetrics();
        logs.bindTo(meters);
        binders.add(logs);
    }

    public MeterRegistry meters() {
        return meters;
    }

    public OpenTelemetry openTelemetry() {
        return openTelemetry;
    }

    /** Where HTTP requests are observed: one metric and one span each. */
    public ObservationRegistry observations() {
        return observations;
    }

    /** The metrics in Prometheus's form. */
    public String scrape(@Nullable String contentType) {
        return contentType == null ? meters.scrape() : meters.scrape(contentType);
    }

    /** Sends the spans that wait, within 2 s. */
    public void flush() {
        openTelemetry.getSdkTracerProvider().forceFlush().join(2, TimeUnit.SECONDS);
    }

    /** Sends the spans that wait, within 2 s, and stops. */
    @Override
    public void close() throws Exception {
        openTelemetry.getSdkTracerProvider().shutdown().join(2, TimeUnit.SECONDS);
        for (AutoCloseable binder : binders) {
            binder.close();
        }
        meters.close();
    }
}
