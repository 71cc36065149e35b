package org.exchequer.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;

/**
 * Where calls that must leave a trace leave it: who looked at what may be personal, and who did what takes more than
 * the right to post. A trace is durable before what was asked for happens; so one may be there of a call that then
 * failed, and none is missing of one that did not.
 */
@FunctionalInterface
public interface AccessTrail {
    /** Leaves none. */
    AccessTrail NONE = access -> {};

    /**
     * A call that is about to happen.
     *
     * @param caller the token's subject
     * @param roles the roles it carries
     * @param method HTTP method, or {@code RPC}
     * @param target path with query, or the name of the remote procedure; for a command inside a call, with its kind
     * @param from remote address
     */
    record Access(String caller, Set<Role> roles, String method, String target, String from) {}

    /** The trail cannot take a trace now, so nothing that needs one may happen. */
    final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** What whoever called over HTTP is told. */
        public static final Problem PROBLEM =
                Problem.of(ProblemCode.NOT_READY, "The access log cannot be written, and this is not done without it.");

        public UnavailableException(Throwable cause) {
            super("the access log cannot be written: " + cause.getMessage(), cause);
        }
    }

    /**
     * Returns when the trace is durable.
     *
     * @throws UnavailableException when it cannot be kept
     */
    void leave(Access access);

    /** One call that may contain many commands: leaves a trace of each kind of them, once. */
    final class Acts {
        private final AccessTrail trail;
        private final Access call;
        private final Set<String> left = new HashSet<>();

        public Acts(AccessTrail trail, Access call) {
            this.trail = trail;
            this.call = call;
        }

        /** Those of a request that a route permitted. */
        public static Acts of(HttpServletRequest request) {
            if (request.getAttribute(Acts.class.getName()) instanceof Acts acts) {
                return acts;
            }
            throw new IllegalStateException("the request has not come through the security chain");
        }

        void belongTo(HttpServletRequest request) {
            request.setAttribute(Acts.class.getName(), this);
        }

        /** A command of this kind is about to happen. */
        public synchronized void about(String kind) {
            if (!left.contains(kind)) {
                trail.leave(new Access(
                        call.caller(), call.roles(), call.method(), call.target() + " " + kind, call.from()));
                left.add(kind);
            }
        }
    }
}
