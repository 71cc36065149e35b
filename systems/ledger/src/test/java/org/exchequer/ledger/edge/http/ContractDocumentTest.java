package org.exchequer.ledger.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.platform.module.Route;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The contract, the controllers and the permissions name the same operations, and the same reasons to say no. */
class ContractDocumentTest {
    private static final List<Class<?>> DOORS = List.of(
            AccountDoor.class,
            TransactionDoor.class,
            HoldDoor.class,
            BatchDoor.class,
            ControlDoor.class,
            ReportDoor.class,
            ProofDoor.class,
            SubjectDoor.class);

    private final JsonNode contract = load();

    @Test
    void contract_mappings_and_routes_are_the_same() {
        Set<String> documented = new TreeSet<>();
        contract.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(name -> !name.equals("parameters"))
                        .forEach(method ->
                                documented.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));

        Set<String> mapped = new TreeSet<>();
        DOORS.forEach(
                door -> Arrays.stream(door.getDeclaredMethods()).forEach(method -> mapping(door, method, mapped)));

        Set<String> permitted = new TreeSet<>();
        for (Route route : LedgerDoors.routes()) {
            permitted.add(route.method() + " " + route.pattern());
        }
        assertThat(mapped).isEqualTo(documented).isEqualTo(permitted);
    }

    private static void mapping(Class<?> door, Method method, Set<String> mapped) {
        RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (mapping != null) {
            String base = Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(door, RequestMapping.class))
                    .path()[0];
            String path = mapping.path().length == 0 ? "" : mapping.path()[0];
            mapped.add(mapping.method()[0] + " " + base + path);
        }
    }

    @Test
    void every_rejection_reason_is_documented_in_order_of_precedence() {
        JsonNode code = contract.at("/components/schemas/RejectionCode");
        List<String> reasons =
                Arrays.stream(RejectionReason.values()).map(Enum::name).toList();
        assertThat(code.get("enum").values().stream().map(JsonNode::stringValue))
                .containsExactlyElementsOf(reasons);
        assertThat(code.get("description")
                        .stringValue()
                        .lines()
                        .filter(line -> line.startsWith("- `"))
                        .map(line -> line.split("`", 3)[1]))
                .containsExactlyElementsOf(reasons);
    }

    @Test
    void every_cause_of_a_refusal_is_documented() {
        assertThat(contract.at("/components/schemas/UnavailableProblem/allOf/1/properties/code/enum").values().stream()
                        .map(JsonNode::stringValue))
                .containsAll(Arrays.stream(Outcome.Refused.Cause.values())
                        .map(Enum::name)
                        .toList());
    }

    @Test
    void every_command_of_a_batch_is_documented() {
        assertThat(contract.at("/components/schemas/BatchItem/oneOf").values().stream()
                        .map(item -> contract.at(item.get("$ref").stringValue().substring(1)))
                        .map(item -> item.at("/properties/command/const").stringValue()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(BatchJson.Type.values()).map(Enum::name).toList());
    }

    private static JsonNode load() {
        try (InputStream in =
                Objects.requireNonNull(ContractDocumentTest.class.getResourceAsStream(ReportDoor.CONTRACT))) {
            return new YAMLMapper().readTree(in);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
