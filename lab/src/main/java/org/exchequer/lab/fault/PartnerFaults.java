package org.exchequer.lab.fault;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.exchequer.inward.sim.Service;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Partners;
import tools.jackson.databind.JsonNode;

/** What partners of inward clearing do to those who ask them. They count it themselves, outside of the program. */
final class PartnerFaults {
    private static final String QUICK = "{}";

    private final Partners partners;
    private final List<Service> services;

    /** @param target a service's label, or {@code all} */
    PartnerFaults(Partners partners, String target) {
        this.partners = partners;
        this.services = Stream.of(Service.values())
                .filter(service -> target.equals("all") || service.label().equals(target))
                .toList();
    }

    Injection begin(FaultKind kind, long amount) throws IOException, InterruptedException {
        String counted = counted(kind);
        long before = count(counted);
        play(service -> script(kind, service, amount));
        return new Injection(names(), () -> {
            long met = count(counted) - before;
            play(service -> QUICK);
            return Proof.of(met > 0, "%,d calls were %s".formatted(met, said(kind)));
        });
    }

    /** What the specification has: core banking 100 to 800 ms, the others 50 to 300 ms. */
    private static String spikes(Service service, String share) {
        return switch (service) {
            case VAM, MIDANZ -> "{\"spikes\":%s,\"spikeLeastMs\":100,\"spikeMostMs\":800}".formatted(share);
            case LIQUIDITY, AVAILABILITY -> "{\"spikes\":%s,\"spikeLeastMs\":50,\"spikeMostMs\":300}".formatted(share);
        };
    }

    private static String script(FaultKind kind, Service service, long amount) {
        String share = "%d.%02d".formatted(amount / 100, amount % 100);
        return switch (kind) {
            case PARTNER_SPIKES -> spikes(service, share);
            case PARTNER_SLOW -> "{\"medianMs\":%d}".formatted(amount);
            case PARTNER_HANGS -> "{\"hangs\":%s}".formatted(share);
            case PARTNER_FAILS -> "{\"errors\":%s}".formatted(share);
            case PARTNER_DISCONNECTS -> "{\"errors\":%s,\"failure\":\"DISCONNECT\"}".formatted(share);
            case PARTNER_LOSES -> "{\"lostReplies\":%s}".formatted(share);
            case PARTNER_MANGLES -> "{\"mangled\":%s}".formatted(share);
            case PARTNER_FLAPS -> "{\"upMs\":%d,\"downMs\":%d}".formatted(amount, amount);
            default -> throw new IllegalArgumentException(kind + " is nothing that a partner does");
        };
    }

    private static String counted(FaultKind kind) {
        return switch (kind) {
            case PARTNER_HANGS -> "hung";
            case PARTNER_FAILS, PARTNER_DISCONNECTS, PARTNER_FLAPS -> "failed";
            case PARTNER_LOSES -> "lost";
            case PARTNER_MANGLES -> "mangled";
            default -> "calls";
        };
    }

    private static String said(FaultKind kind) {
        return switch (kind) {
            case PARTNER_HANGS -> "not answered";
            case PARTNER_FAILS, PARTNER_FLAPS -> "answered with an error";
            case PARTNER_DISCONNECTS -> "cut off";
            case PARTNER_LOSES -> "carried out and not answered";
            case PARTNER_MANGLES -> "answered with something that is not an answer";
            default -> "answered late";
        };
    }

    private void play(Function<Service, String> script) throws IOException, InterruptedException {
        for (Service service : services) {
            for (String operation : service.operations()) {
                partners.play(service, operation, script.apply(service));
            }
        }
    }

    private long count(String what) throws IOException, InterruptedException {
        JsonNode calls = partners.calls();
        long count = 0;
        for (Service service : services) {
            for (String operation : service.operations()) {
                count += calls.path(service.label()).path(operation).path(what).asLong();
            }
        }
        return count;
    }

    private String names() {
        return String.join(", ", services.stream().map(Service::label).toList());
    }
}
