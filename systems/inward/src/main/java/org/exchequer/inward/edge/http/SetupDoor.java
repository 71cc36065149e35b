package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.exchequer.inward.api.Setup;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tells how inward clearing is set up, where its simulated partners are made to fail, and the contract. */
@RestController
@RequestMapping(InwardDoors.BASE)
final class SetupDoor {
    /** OpenAPI 3.1, written by hand; a test holds the server to it. */
    static final String CONTRACT = "/org/exchequer/inward/openapi/openapi.yaml";

    private final Supplier<Setup> setup;
    private final byte[] contract;

    SetupDoor(Supplier<Setup> setup) {
        this.setup = setup;
        try (InputStream in = Objects.requireNonNull(SetupDoor.class.getResourceAsStream(CONTRACT), CONTRACT)) {
            contract = in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @GetMapping("/openapi.yaml")
    ResponseEntity<byte[]> contract(HttpServletRequest request) {
        Parameters.only(request);
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/yaml"))
                .body(contract);
    }

    @GetMapping("/setup")
    ResponseEntity<byte[]> setup(HttpServletRequest request) {
        Parameters.only(request);
        Setup now = setup.get();
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("hardMs", now.hard().toMillis());
        ArrayNode bics = json.putArray("ownBics");
        new TreeSet<>(now.ownBics()).forEach(bics::add);
        ArrayNode currencies = json.putArray("currencies");
        new TreeSet<>(now.currencies()).forEach(currencies::add);
        ArrayNode lists = json.putArray("sanctionsLists");
        now.lists().forEach(lists::add);
        now.simulator().ifPresent(admin -> json.put("simulator", admin.toString()));
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(PaymentJson.bytes(json));
    }
}
