package org.exchequer.app.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the access log to auditors, newest first. */
@RestController
public final class AccessDoor {
    private static final String PATH = "/access/api/v1/entries";
    private static final int MOST = 1_000;

    private final AccessLog log;

    public AccessDoor(AccessLog log) {
        this.log = log;
    }

    public static List<Route> routes() {
        return List.of(new Route("GET", PATH, Set.of(Role.AUDITOR)).onRecord());
    }

    @GetMapping(PATH)
    ResponseEntity<byte[]> entries(HttpServletRequest request) {
        long before = number(request.getParameter("cursor"), "cursor", 0, Long.MAX_VALUE, Long.MAX_VALUE);
        int limit = (int) number(request.getParameter("limit"), "limit", 1, MOST, 100);
        ObjectNode page = JsonMapper.shared().createObjectNode();
        ArrayNode items = page.putArray("items");
        long last = 0;
        for (AccessLog.Kept kept : log.newest(before, limit)) {
            last = kept.position();
            items.add(
                    JsonMapper.shared().createObjectNode().put("position", last).setAll(kept.access()));
        }
        if (last > 0 && items.size() == limit) {
            page.put("next", Long.toString(last));
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .body(JsonMapper.shared().writeValueAsBytes(page));
    }

    private static long number(@Nullable String text, String field, long least, long most, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,18}") && Long.parseLong(text) >= least && Long.parseLong(text) <= most) {
            return Long.parseLong(text);
        }
        String rule = "must be a whole number" + (most < Long.MAX_VALUE ? " from " + least + " to " + most : "");
        throw new ProblemException(
                Problem.of(ProblemCode.INVALID_PARAMETER, field + " " + rule).at(field, rule));
    }
}
