package org.exchequer.platform.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a call failed, as {@code google.rpc.Status}: its details are an {@code ErrorInfo} with the reason, and where they
 * apply a {@code BadRequest} with field and rule and a {@code RetryInfo}.
 *
 * @param code the gRPC status
 * @param reason stable, in capitals: callers may switch on it
 * @param message one sentence for people
 * @param field what is wrong in the request, or null
 * @param rule what it breaks, or null
 * @param retryAfter when to try again, or null
 */
public record RpcError(
        Code code,
        String reason,
        String message,
        @Nullable String field,
        @Nullable String rule,
        @Nullable Duration retryAfter) {
    /** Whose reasons these are. */
    public static final String DOMAIN = "exchequer";

    public static RpcError of(Code code, String reason, String message) {
        return new RpcError(code, reason, message, null, null, null);
    }

    /** The request breaks a rule. */
    public static RpcError invalid(String reason, String field, String rule) {
        return of(Code.INVALID_ARGUMENT, reason, field + " " + rule).at(field, rule);
    }

    public RpcError at(String newField, String newRule) {
        return new RpcError(code, reason, message, newField, newRule, retryAfter);
    }

    public RpcError retryAfter(Duration newRetryAfter) {
        return new RpcError(code, reason, message, field, rule, newRetryAfter);
    }

    /** To be thrown by a service, or sent to an observer. */
    public StatusRuntimeException asException() {
        return asException(Map.of());
    }

    /** The same with facts about this one occurrence. */
    StatusRuntimeException asException(Map<String, String> facts) {
        Status.Builder status = Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(message)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(reason)
                        .putAllMetadata(facts)
                        .build()));
        if (field != null && rule != null) {
            status.addDetails(Any.pack(BadRequest.newBuilder()
                    .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                            .setField(field)
                            .setDescription(rule)
                            .setReason(reason))
                    .build()));
        }
        if (retryAfter != null) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                            .setSeconds(retryAfter.getSeconds())
                            .setNanos(retryAfter.getNano()))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** What is wrong in a request. */
    public record Violation(String field, String rule) {}

    /** The reason that one of our servers gave, or null when the failure comes from elsewhere. */
    public static @Nullable String reasonOf(io.grpc.Status status, @Nullable Metadata trailers) {
        ErrorInfo info = detail(status, trailers, ErrorInfo.class);
        return info != null && info.getDomain().equals(DOMAIN) ? info.getReason() : null;
    }

    /** The same of a failure that a call threw. */
    public static @Nullable String reasonOf(Throwable failure) {
        return reasonOf(io.grpc.Status.fromThrowable(failure), io.grpc.Status.trailersFromThrowable(failure));
    }

    /** The field and rule that a server named, or null. */
    public static @Nullable Violation violationOf(io.grpc.Status status, @Nullable Metadata trailers) {
        BadRequest bad = detail(status, trailers, BadRequest.class);
        return bad == null || bad.getFieldViolationsCount() == 0
                ? null
                : new Violation(
                        bad.getFieldViolations(0).getField(),
                        bad.getFieldViolations(0).getDescription());
    }

    private static <M extends Message> @Nullable M detail(
            io.grpc.Status status, @Nullable Metadata trailers, Class<M> type) {
        Status details = StatusProto.fromStatusAndTrailers(status, trailers);
        if (details == null) {
            return null;
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(type)) {
                try {
                    return detail.unpack(type);
                } catch (InvalidProtocolBufferException damaged) {
                    return null;
                }
            }
        }
        return null;
    }
}
