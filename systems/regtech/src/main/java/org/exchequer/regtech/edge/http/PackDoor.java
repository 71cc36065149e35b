package org.exchequer.regtech.edge.http;

import static org.exchequer.platform.module.Role.AUDITOR;
import static org.exchequer.platform.module.Role.CONTROLLER;
import static org.exchequer.platform.module.Role.OPERATOR;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.regtech.api.Pack;
import org.exchequer.regtech.api.PackRequest;
import org.exchequer.regtech.api.Packs;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Packs to download, and the key they are signed with. */
@RestController
@RequestMapping(PackDoor.BASE)
public final class PackDoor {
    static final String BASE = "/regtech/api/v1";
    /** OpenAPI 3.1, written by hand; a test holds the server to it. */
    static final String CONTRACT = "/org/exchequer/regtech/openapi/openapi.yaml";

    private static final Set<Role> READ = Set.of(OPERATOR, CONTROLLER, AUDITOR);
    private static final MediaType ZIP = MediaType.valueOf("application/zip");
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final Packs packs;
    private final byte[] contract;

    public PackDoor(Packs packs) {
        this.packs = packs;
        try (InputStream in = Objects.requireNonNull(PackDoor.class.getResourceAsStream(CONTRACT), CONTRACT)) {
            contract = in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static List<Route> routes() {
        return List.of(
                new Route("GET", BASE + "/packs/{date}", READ).onRecord(),
                new Route("GET", BASE + "/key", READ),
                new Route("GET", BASE + "/openapi.yaml", READ));
    }

    @GetMapping("/packs/{date}")
    ResponseEntity<byte[]> pack(@PathVariable("date") String text, HttpServletRequest request) {
        return answering(() -> {
            only(request, Set.of("from", "dormantDays", "threshold"));
            LocalDate date = date("date", text);
            String from = request.getParameter("from");
            Pack pack = packs.make(new PackRequest(
                    from == null ? date : date("from", from),
                    date,
                    days(request.getParameter("dormantDays")),
                    PackRequest.thresholds(Objects.requireNonNullElse(request.getParameter("threshold"), ""))));
            return ResponseEntity.ok()
                    .contentType(ZIP)
                    .header("Content-Disposition", "attachment; filename=\"" + pack.name() + ".zip\"")
                    .body(pack.zip());
        });
    }

    private static int days(@Nullable String text) {
        if (text == null) {
            return PackRequest.USUAL_DORMANT_DAYS;
        }
        // What is no number is refused with the rule of the field.
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }

    @GetMapping("/key")
    ResponseEntity<byte[]> key(HttpServletRequest request) {
        return answering(() -> {
            only(request, Set.of());
            String vkey = packs.key().orElseThrow(() -> new LedgerUnavailableException("no key here"));
            return ResponseEntity.ok().contentType(TEXT).body((vkey + "\n").getBytes(StandardCharsets.UTF_8));
        });
    }

    @GetMapping("/openapi.yaml")
    ResponseEntity<byte[]> contract(HttpServletRequest request) {
        only(request, Set.of());
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(contract);
    }

    private static void only(HttpServletRequest request, Set<String> known) {
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!known.contains(parameter.getKey()) || parameter.getValue().length != 1) {
                throw problem(parameter.getKey(), "is not known here, or given twice");
            }
        }
    }

    private static LocalDate date(String name, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException noDay) {
            throw problem(name, "must be a day such as 2026-03-31");
        }
    }

    private static <T> T answering(Supplier<T> work) {
        try {
            return work.get();
        } catch (FieldError broken) {
            throw problem(broken.field(), String.valueOf(broken.getMessage()));
        } catch (LedgerUnavailableException unavailable) {
            throw new ProblemException(
                    Problem.of(
                            503, "LEDGER_UNAVAILABLE", "Ledger unavailable", String.valueOf(unavailable.getMessage())),
                    Map.of("Retry-After", "1"));
        }
    }

    private static ProblemException problem(String field, String rule) {
        return new ProblemException(
                Problem.of(ProblemCode.INVALID_PARAMETER, field + " " + rule).at(field, rule));
    }
}
