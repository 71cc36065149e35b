package org.exchequer.platform.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.Map;
import org.exchequer.platform.security.AccessTrail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a service throws into a status: its own as they are, anything else into one that gives nothing away. */
final class ErrorInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorInterceptor.class);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Closing<Q, A> closing = new Closing<>(call);
        ServerCall.Listener<Q> listener;
        try {
            listener = next.startCall(closing, headers);
        } catch (RuntimeException e) {
            closing.fail(e);
            return new ServerCall.Listener<>() {};
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                guarded(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                guarded(super::onHalfClose);
            }

            @Override
            public void onReady() {
                guarded(super::onReady);
            }

            private void guarded(Runnable step) {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    closing.fail(e);
                }
            }
        };
    }

    /** A call that is closed once. */
    private static final class Closing<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private volatile boolean closed;

        Closing(ServerCall<Q, A> call) {
            super(call);
        }

        /** After a failure the service may still try to answer; nobody listens then. */
        @Override
        public void sendMessage(A message) {
            if (!closed) {
                super.sendMessage(message);
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                super.close(status, trailers);
            }
        }

        void fail(RuntimeException e) {
            StatusRuntimeException told = told(e);
            Metadata trailers = told.getTrailers();
            close(told.getStatus(), trailers == null ? new Metadata() : trailers);
        }

        private StatusRuntimeException told(RuntimeException e) {
            if (e.getCause() instanceof InvalidProtocolBufferException) {
                return RpcError.invalid("MALFORMED_MESSAGE", "message", "must be the protobuf message of this method")
                        .asException();
            }
            if (e instanceof AccessTrail.UnavailableException) {
                LOG.error("refused, since no trace can be left of it", e);
                return RpcError.of(
                                Code.UNAVAILABLE,
                                "NOT_READY",
                                "The access log cannot be written, and this is not done without it.")
                        .retryAfter(Duration.ofSeconds(5))
                        .asException();
            }
            return e instanceof StatusRuntimeException own ? own : broken(e);
        }

        private StatusRuntimeException broken(RuntimeException bug) {
            LOG.error("{} failed", getMethodDescriptor().getFullMethodName(), bug);
            SpanContext span = Span.current().getSpanContext();
            return RpcError.of(Code.INTERNAL, "INTERNAL_ERROR", "Something broke here. The log has it.")
                    .asException(span.isValid() ? Map.of("traceId", span.getTraceId()) : Map.of());
        }
    }
}
