package org.exchequer.app.access;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.AccessEntries;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the access log to auditors, newest first, and proves single entries of it. */
@RestController
public final class AccessDoor {
    static final String BASE = "/access/api/v1";
    private static final String PATH = BASE + "/entries";
    private static final int MOST = 1_000;
    private static final int LONGEST_CALLER = 200;
    private static final int LONGEST_ACT = 500;

    /** The resource that describes these paths. */
    static final String CONTRACT = "/org/exchequer/app/access/openapi.yaml";

    private static final Set<String> PARAMETERS = Set.of("caller", "act", "from", "until", "cursor", "limit");

    private final AccessEntries log;
    private final byte[] contract;

    public AccessDoor(AccessEntries log) {
        this.log = log;
        try (InputStream in = Objects.requireNonNull(AccessDoor.class.getResourceAsStream(CONTRACT), CONTRACT)) {
            contract = in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static List<Route> routes() {
        return List.of(
                new Route("GET", PATH, Set.of(Role.AUDITOR)).onRecord(),
                new Route("GET", PATH + "/{position}/proof", Set.of(Role.AUDITOR)).onRecord(),
                new Route("GET", BASE + "/openapi.yaml", Set.of(Role.AUDITOR)));
    }

    @GetMapping(PATH)
    ResponseEntity<byte[]> entries(HttpServletRequest request) {
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!PARAMETERS.contains(parameter.getKey()) || parameter.getValue().length != 1) {
                throw invalid(parameter.getKey(), "is not known here, or given twice");
            }
        }
        AccessEntries.Found found = log.search(new AccessEntries.Query(
                text(request, "caller", LONGEST_CALLER),
                text(request, "act", LONGEST_ACT),
                time(request, "from"),
                time(request, "until"),
                number(request.getParameter("cursor"), "cursor", 0, Long.MAX_VALUE, Long.MAX_VALUE),
                (int) number(request.getParameter("limit"), "limit", 1, MOST, 100)));
        ObjectNode page = JsonMapper.shared().createObjectNode();
        ArrayNode items = page.putArray("items");
        for (AccessEntries.Entry entry : found.entries()) {
            ObjectNode item = items.addObject();
            item.put("position", entry.position())
                    .put("at", entry.at().toString())
                    .put("caller", entry.caller());
            ArrayNode roles = item.putArray("roles");
            entry.roles().forEach(roles::add);
            item.put("method", entry.method()).put("target", entry.target()).put("from", entry.from());
        }
        if (found.next() != null) {
            page.put("next", Long.toString(found.next()));
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .body(JsonMapper.shared().writeValueAsBytes(page));
    }

    /** The bundle that {@code exchequer verify --bundle} accepts, with the access log's key. */
    @GetMapping(PATH + "/{position}/proof")
    ResponseEntity<String> proof(@PathVariable String position) {
        String bundle = log.prove(number(position, "position", 0, Long.MAX_VALUE, 0))
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ProblemCode.NOT_FOUND, "No entry is at position " + position + ", or it was purged.")));
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/plain;charset=UTF-8"))
                .header("Cache-Control", "no-store")
                .body(bundle);
    }

    @GetMapping(BASE + "/openapi.yaml")
    ResponseEntity<byte[]> contract() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(contract);
    }

    private static String text(HttpServletRequest request, String name, int longest) {
        String text = request.getParameter(name);
        if (text != null && text.length() > longest) {
            throw invalid(name, "must have at most " + longest + " characters");
        }
        return text == null ? "" : text;
    }

    private static @Nullable Instant time(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw invalid(name, "must be a time in UTC such as 2026-03-31T10:00:00Z");
        }
    }

    private static long number(@Nullable String text, String field, long least, long most, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,18}") && Long.parseLong(text) >= least && Long.parseLong(text) <= most) {
            return Long.parseLong(text);
        }
        throw invalid(
                field, "must be a whole number" + (most < Long.MAX_VALUE ? " from " + least + " to " + most : ""));
    }

    private static ProblemException invalid(String field, String rule) {
        return new ProblemException(
                Problem.of(ProblemCode.INVALID_PARAMETER, field + " " + rule).at(field, rule));
    }
}
