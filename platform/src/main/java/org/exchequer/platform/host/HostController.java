package org.exchequer.platform.host;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.platform.host.Served.Component;
import org.exchequer.platform.web.BodyLimitFilter;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemAdvice;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.platform.web.ProblemWriter;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the process says about itself. */
@RestController
final class HostController implements ErrorController {
    static final String HEALTH = "/health";
    static final String READY = "/ready";
    static final String METRICS = "/metrics";
    static final String JWKS = "/.well-known/jwks.json";

    /** Need no token. {@link #METRICS} has a rule of its own. */
    static final Set<String> OPEN_PATHS = Set.of(HEALTH, READY, JWKS);

    private final HostSettings settings;
    private final HostParts parts;
    private final Served served;

    HostController(HostSettings settings, HostParts parts, Served served) {
        this.settings = settings;
        this.parts = parts;
        this.served = served;
    }

    /** The process lives and answers. Nothing else is looked at: restarting would mend nothing else. */
    @GetMapping(HEALTH)
    Map<String, Object> health() {
        return Map.of("status", "up", "version", settings.version());
    }

    /** Whether requests can be served now, and by which part they cannot. */
    @GetMapping(READY)
    ResponseEntity<Map<String, Object>> ready() {
        List<Component> components = served.components().get();
        boolean ready = Served.ready(components);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("ready", ready);
        body.put("version", settings.version());
        body.put("components", components);
        return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(body);
    }

    /** For Prometheus, in the format it asks for. */
    @GetMapping(METRICS)
    ResponseEntity<String> metrics(@RequestHeader(name = HttpHeaders.ACCEPT, required = false) String accept) {
        boolean open = accept != null && accept.contains("application/openmetrics-text");
        String type = open
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(type))
                .body(parts.telemetry().scrape(type));
    }

    /** The local issuer's public keys (RFC 7517). */
    @GetMapping(JWKS)
    Map<String, Object> keys() {
        return parts.issuer().publicKeys().toJSONObject();
    }

    /** People who type the address alone want the console. */
    @GetMapping("/")
    ResponseEntity<Void> root(HttpServletRequest request) {
        if (parts.consoleDoor() == null) {
            throw new ProblemException(ProblemAdvice.notFound(request));
        }
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .header(HttpHeaders.LOCATION, "/console")
                .build();
    }

    /** Where the container sends what went wrong outside of controllers. */
    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer given ? given : 404;
        if (isSlowBody(request)) {
            ProblemWriter.write(request, response, BodyLimitFilter.tooSlow(), Map.of("Connection", "close"));
            return;
        }
        ProblemCode code = switch (status) {
            case 400 -> ProblemCode.BAD_REQUEST;
            case 401 -> ProblemCode.UNAUTHENTICATED;
            case 403 -> ProblemCode.FORBIDDEN;
            case 404 -> ProblemCode.NOT_FOUND;
            case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
            case 503 -> ProblemCode.NOT_READY;
            default -> ProblemCode.INTERNAL_ERROR;
        };
        String detail = code == ProblemCode.INTERNAL_ERROR
                ? "Something broke here. The log has it under this trace id."
                : code.title() + ".";
        ProblemWriter.write(request, response, Problem.of(code, detail));
    }

    /** The container ends a request by itself when no byte of the body comes for too long, with this very exception. */
    private static boolean isSlowBody(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof SocketTimeoutException;
    }
}
