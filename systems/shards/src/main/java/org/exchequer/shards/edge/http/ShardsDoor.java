package org.exchequer.shards.edge.http;

import static org.exchequer.platform.module.Role.AUDITOR;
import static org.exchequer.platform.module.Role.CONTROLLER;
import static org.exchequer.platform.module.Role.OPERATOR;
import static org.exchequer.platform.module.Role.TELLER;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.platform.web.StrictJson;
import org.exchequer.shards.api.InDoubt;
import org.exchequer.shards.api.Shards;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shards, what is in doubt over them, and moves of slots, for those who run them. Amounts are decimal strings with all
 * digits of their currency.
 * {@code openapi.yaml} describes them, {@code docs/operating/shards.md} has examples.
 */
@RestController
@RequestMapping(ShardsDoor.BASE)
public final class ShardsDoor {
    static final String BASE = "/ledger/api/v1/shards";
    private static final Set<String> FIELDS = Set.of("from", "to", "slots");
    static final Set<Role> READ = Set.of(TELLER, OPERATOR, CONTROLLER, AUDITOR);
    private static final Set<Role> MANAGE = Set.of(OPERATOR);

    /** The resource that describes these paths. */
    public static final String CONTRACT = "/org/exchequer/shards/openapi/openapi.yaml";

    private final Shards shards;
    private final byte[] contract;

    public ShardsDoor(Shards shards) {
        this.shards = shards;
        try (InputStream in = Objects.requireNonNull(ShardsDoor.class.getResourceAsStream(CONTRACT), CONTRACT)) {
            contract = in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static List<Route> routes() {
        return List.of(
                new Route("GET", BASE, READ),
                new Route("GET", BASE + "/in-doubt", READ),
                new Route("GET", BASE + "/accounts/{account}", READ),
                new Route("GET", BASE + "/moves", READ),
                new Route("GET", BASE + "/openapi.yaml", READ),
                new Route("POST", BASE + "/moves", MANAGE).onRecord());
    }

    @GetMapping
    ResponseEntity<byte[]> list() {
        ObjectNode body = StrictJson.mapper().createObjectNode();
        body.put("version", shards.version());
        body.put("inDoubt", shards.inDoubt().size());
        body.put("inDoubtLimitSeconds", shards.limit().toSeconds());
        List<Shards.View> views = shards.shards();
        Shards.inTransit(views)
                .ifPresentOrElse(sums -> amounts(body.putObject("inTransit"), sums), () -> body.putNull("inTransit"));
        ArrayNode items = body.putArray("shards");
        for (Shards.View view : views) {
            ObjectNode item = items.addObject();
            item.put("index", view.index());
            item.put("name", view.name());
            item.put("slots", view.slots());
            item.put("moving", view.moving());
            if (view.position() < 0) {
                item.putNull("position");
            } else {
                item.put("position", view.position());
            }
            amounts(item.putObject("netSent"), view.netSent());
        }
        return ok(body);
    }

    private static void amounts(ObjectNode into, Map<String, Long> sums) {
        sums.forEach((currency, units) -> into.put(currency, new Money(units, Currency.of(currency)).toDecimal()));
    }

    /** Also of a code that no account has yet, for whoever wants two accounts on one shard. */
    @GetMapping("/accounts/{account}")
    ResponseEntity<byte[]> place(@PathVariable("account") String account) {
        return answering(() -> {
            Shards.Place place = shards.place(account);
            ObjectNode body = StrictJson.mapper().createObjectNode();
            body.put("account", account).put("slot", place.slot());
            return ok(body.put("shard", place.shard()).put("name", place.name()));
        });
    }

    private static ResponseEntity<byte[]> answering(Supplier<ResponseEntity<byte[]>> work) {
        try {
            return work.get();
        } catch (FieldError broken) {
            String rule = String.valueOf(broken.getMessage());
            throw new ProblemException(Problem.of(400, "INVALID_FIELD", "Invalid field", broken.field() + " " + rule)
                    .at(broken.field(), rule));
        }
    }

    @GetMapping("/in-doubt")
    ResponseEntity<byte[]> inDoubt() {
        ObjectNode body = StrictJson.mapper().createObjectNode();
        ArrayNode items = body.putArray("items");
        for (InDoubt found : shards.inDoubt()) {
            ObjectNode item = items.addObject();
            item.put("key", found.key());
            item.put("state", found.state().name());
            item.put("coordinator", found.coordinator());
            ArrayNode over = item.putArray("shards");
            found.shards().forEach(over::add);
            item.put("amount", found.amount().toDecimal());
            item.put("currency", found.amount().currency().code());
            item.put("since", found.since().toString());
            item.put("seenForMs", found.seenFor().toMillis());
        }
        return ok(body);
    }

    @GetMapping("/moves")
    ResponseEntity<byte[]> moves() {
        ObjectNode body = StrictJson.mapper().createObjectNode();
        Shards.Move last = shards.lastMove();
        if (last == null) {
            body.putNull("move");
        } else {
            body.set("move", json(last));
        }
        return ok(body);
    }

    /**
     * While a move runs, another is not begun. Asked again after its end, more slots move: who lost an answer looks at
     * the last move before asking again.
     */
    @PostMapping("/moves")
    ResponseEntity<byte[]> move(@RequestBody(required = false) byte @Nullable [] body) {
        JsonNode wanted = object(body == null ? new byte[0] : body);
        return answering(() -> {
            Shards.Move move = shards.move(number(wanted, "from"), number(wanted, "to"), number(wanted, "slots"));
            return ResponseEntity.accepted()
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(StrictJson.mapper().writeValueAsBytes(json(move)));
        });
    }

    @GetMapping("/openapi.yaml")
    ResponseEntity<byte[]> contract() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(contract);
    }

    private static ObjectNode json(Shards.Move move) {
        ObjectNode node = StrictJson.mapper().createObjectNode();
        node.put("from", move.from());
        node.put("to", move.to());
        node.put("wanted", move.wanted());
        node.put("moved", move.moved());
        node.put("skipped", move.skipped());
        node.put("accounts", move.accounts());
        node.put("longestPauseMs", move.longestPause().toMillis());
        node.put("running", move.running());
        node.put("error", move.error());
        return node;
    }

    private static JsonNode object(byte[] body) {
        JsonNode node;
        try {
            node = StrictJson.mapper().readTree(body);
        } catch (JacksonException broken) {
            throw problem(ProblemCode.MALFORMED_BODY, "body", "must be valid JSON");
        }
        if (!node.isObject()) {
            throw problem(ProblemCode.MALFORMED_BODY, "body", "must be a JSON object");
        }
        for (String name : node.propertyNames()) {
            if (!FIELDS.contains(name)) {
                throw problem(
                        ProblemCode.UNKNOWN_FIELD,
                        name.length() > 40 ? name.substring(0, 40) : name,
                        "is not a field of this request; its fields are from, slots, to");
            }
        }
        return node;
    }

    private static int number(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw problem(ProblemCode.MISSING_FIELD, field, "is required");
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw problem(ProblemCode.WRONG_TYPE, field, "must be a whole number");
        }
        return value.intValue();
    }

    private static ProblemException problem(ProblemCode code, String field, String rule) {
        return new ProblemException(Problem.of(code, field + " " + rule).at(field, rule));
    }

    private static ResponseEntity<byte[]> ok(JsonNode body) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(StrictJson.mapper().writeValueAsBytes(body));
    }
}
