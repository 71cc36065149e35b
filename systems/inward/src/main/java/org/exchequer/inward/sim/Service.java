package org.exchequer.inward.sim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The simulated services, and what can be asked of each. */
public enum Service {
    VAM("account"),
    MIDANZ("account"),
    AVAILABILITY("banks"),
    LIQUIDITY("reserve", "confirm", "release", "cancel");

    private final List<String> operations;

    Service(String... operations) {
        this.operations = List.of(operations);
    }

    public List<String> operations() {
        return operations;
    }

    /** As paths and breakers name it, e.g. {@code vam}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Service> find(String label) {
        return Stream.of(values())
                .filter(service -> service.label().equals(label))
                .findFirst();
    }
}
