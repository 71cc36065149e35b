package org.exchequer.ledger.edge.node;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Commands and outcomes as JSON between nodes of the same version. */
final class NodeJson {
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    private interface Typed {}

    /** Record fields only: derived accessors such as {@code isSummary} are not part of the message. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .addMixIn(Command.class, Typed.class)
            .addMixIn(Outcome.class, Typed.class)
            .changeDefaultVisibility(visibility -> visibility
                    .withVisibility(com.fasterxml.jackson.annotation.PropertyAccessor.ALL, Visibility.NONE)
                    .withVisibility(com.fasterxml.jackson.annotation.PropertyAccessor.CREATOR, Visibility.ANY)
                    .withFieldVisibility(Visibility.ANY))
            .build();

    static final TypeReference<List<Command>> COMMANDS = new TypeReference<>() {};
    static final TypeReference<List<Outcome>> OUTCOMES = new TypeReference<>() {};

    private NodeJson() {}
}
