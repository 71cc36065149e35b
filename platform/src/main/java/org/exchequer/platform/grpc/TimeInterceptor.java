package org.exchequer.platform.grpc;

import com.google.rpc.Code;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends calls of one request that take too long, whatever deadline the caller gave: their handler is interrupted.
 * Streams of requests last as long as both sides like, and guard themselves.
 */
final class TimeInterceptor implements ServerInterceptor {
    private final ScheduledExecutorService timer;
    private final Duration limit;

    TimeInterceptor(ScheduledExecutorService timer, Duration limit) {
        this.timer = timer;
        this.limit = limit;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
            return listener;
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            // Here the request is whole, and the handler runs.
            @Override
            public void onHalfClose() {
                limited(super::onHalfClose);
            }
        };
    }

    private void limited(Runnable work) {
        Watch watch = new Watch(Thread.currentThread());
        Future<?> alarm = timer.schedule(watch::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        RuntimeException failure = null;
        try {
            work.run();
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            alarm.cancel(false);
            if (watch.finish() && failure != null) {
                failure = RpcError.of(
                                Code.DEADLINE_EXCEEDED,
                                "TIMED_OUT",
                                "The answer took too long. If this was a write, its outcome is not known: ask again"
                                        + " with the same key.")
                        .asException();
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Interrupts the handler only while it works on this call. */
    private static final class Watch {
        private final Thread handler;
        private boolean finished;
        private boolean expired;

        Watch(Thread handler) {
            this.handler = handler;
        }

        synchronized void expire() {
            if (!finished) {
                expired = true;
                handler.interrupt();
            }
        }

        synchronized boolean finish() {
            finished = true;
            if (expired) {
                Thread.interrupted();
            }
            return expired;
        }
    }
}
