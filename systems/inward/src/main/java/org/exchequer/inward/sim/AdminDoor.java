package org.exchequer.inward.sim;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.partner.AccountInfo;
import org.exchequer.inward.sim.LoopbackServer.Answer;
import org.exchequer.inward.sim.LoopbackServer.Refused;
import org.exchequer.inward.sim.Script.Failure;
import org.exchequer.inward.sim.SimulatedAccounts.Listed;
import org.exchequer.kernel.Currency;
import org.jspecify.annotations.Nullable;

/** Where scripts, accounts, banks and positions are changed and looked at while the simulator runs. */
final class AdminDoor {
    private static final Pattern SCRIPT = Pattern.compile("/admin/v1/scripts/([a-z]{1,20})/([a-z]{1,20})");
    private static final Pattern ACCOUNT = Pattern.compile("/admin/v1/accounts/([A-Za-z0-9._-]{1,34})");
    private static final Pattern BANK = Pattern.compile("/admin/v1/banks/([A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2})");
    private static final Pattern POSITION =
            Pattern.compile("/admin/v1/positions/([A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2})/([A-Z]{3})");
    private static final Pattern LEDGER_ACCOUNT = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final PartnerSimulator simulator;

    AdminDoor(PartnerSimulator simulator) {
        this.simulator = simulator;
    }

    /** As it is on the wire; what is left out is as in {@link Script#AT_ONCE}. */
    private record ScriptBody(
            @Nullable Long medianMs,
            @Nullable Long p99Ms,
            @Nullable Double spikes,
            @Nullable Long spikeLeastMs,
            @Nullable Long spikeMostMs,
            @Nullable Double errors,
            @Nullable Failure failure,
            @Nullable Double hangs,
            @Nullable Double lostReplies,
            @Nullable Double mangled,
            @Nullable Long upMs,
            @Nullable Long downMs) {
        Script script() {
            long median = or(medianMs, 0);
            long spikeLeast = or(spikeLeastMs, 0);
            return new Script(
                    median,
                    or(p99Ms, median),
                    or(spikes),
                    spikeLeast,
                    or(spikeMostMs, spikeLeast),
                    or(errors),
                    failure == null ? Failure.UNAVAILABLE : failure,
                    or(hangs),
                    or(lostReplies),
                    or(mangled),
                    or(upMs, 0),
                    or(downMs, 0));
        }

        private static long or(@Nullable Long value, long other) {
            return value == null ? other : value;
        }

        private static double or(@Nullable Double value) {
            return value == null ? 0 : value;
        }
    }

    private record AccountBody(
            @Nullable String holder,
            AccountInfo.@Nullable Status status,
            AccountInfo.@Nullable Type type,
            @Nullable String currency,
            @Nullable String ledgerAccount,
            AccountInfo.@Nullable Risk risk) {}

    private record BankBody(@Nullable Standing standing) {}

    private record PositionBody(@Nullable Long availableMinorUnits) {}

    Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        return switch (exchange.getRequestMethod()) {
            case "GET" -> read(path);
            case "PUT" -> write(path, exchange);
            case "DELETE" -> {
                if (!path.equals("/admin/v1/scripts")) {
                    throw unknown();
                }
                simulator.reset();
                yield Answer.json(200, scripts());
            }
            default -> throw new Refused(405, "METHOD_NOT_ALLOWED", "method", "must be GET, PUT or DELETE");
        };
    }

    private Answer read(String path) {
        return switch (path) {
            case "/admin/v1/scripts" -> Answer.json(200, scripts());
            case "/admin/v1/calls" -> Answer.json(200, calls());
            case "/positions", "/admin/v1/positions" -> {
                List<Positions.Position> all = simulator.positions().positions();
                yield Answer.json(
                        200,
                        Map.of("conserved", all.stream().allMatch(Positions.Position::conserved), "positions", all));
            }
            default -> throw unknown();
        };
    }

    private Answer write(String path, HttpExchange exchange) throws IOException {
        Matcher script = SCRIPT.matcher(path);
        Matcher account = ACCOUNT.matcher(path);
        Matcher bank = BANK.matcher(path);
        Matcher position = POSITION.matcher(path);
        try {
            if (script.matches()) {
                return script(script.group(1), script.group(2), exchange);
            } else if (account.matches()) {
                return account(account.group(1), LoopbackServer.body(exchange, AccountBody.class));
            } else if (bank.matches()) {
                Standing standing =
                        LoopbackServer.body(exchange, BankBody.class).standing();
                simulator.putBank(bank.group(1), given("standing", standing));
                return Answer.json(200, Map.of("bic8", bank.group(1), "standing", given("standing", standing)));
            } else if (position.matches()) {
                return position(position, LoopbackServer.body(exchange, PositionBody.class));
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new Refused(400, "INVALID_VALUE", "body", String.valueOf(e.getMessage()));
        }
        throw unknown();
    }

    private Answer script(String service, String operation, HttpExchange exchange) throws IOException {
        Service known = Service.find(service).orElseThrow(AdminDoor::unknown);
        if (!known.operations().contains(operation)) {
            throw unknown();
        }
        Script script = LoopbackServer.body(exchange, ScriptBody.class).script();
        simulator.play(known, operation, script);
        return Answer.json(200, script);
    }

    private Answer account(String number, AccountBody body) {
        String holder = given("holder", body.holder());
        if (holder.isBlank() || holder.length() > 140) {
            throw new IllegalArgumentException("holder must have 1 to 140 characters");
        }
        String currency = given("currency", body.currency());
        if (currency.length() != 3 || Currency.find(currency).isEmpty()) {
            throw new IllegalArgumentException("currency must be an ISO 4217 code");
        }
        String ledgerAccount = given("ledgerAccount", body.ledgerAccount());
        if (!LEDGER_ACCOUNT.matcher(ledgerAccount).matches()) {
            throw new IllegalArgumentException("ledgerAccount must have 1 to 64 of A-Z a-z 0-9 . _ : -");
        }
        Listed account = new Listed(
                number,
                holder,
                given("status", body.status()),
                given("type", body.type()),
                currency,
                ledgerAccount,
                given("risk", body.risk()));
        simulator.accounts().put(account);
        return Answer.json(200, account);
    }

    private Answer position(Matcher path, PositionBody body) {
        long available = given("availableMinorUnits", body.availableMinorUnits());
        if (available < 0 || Currency.find(path.group(2)).isEmpty()) {
            throw new IllegalArgumentException("availableMinorUnits must be 0 or more, of a currency of ISO 4217");
        }
        simulator.positions().set(path.group(1), path.group(2), available);
        return Answer.json(200, Map.of("bic8", path.group(1), "currency", path.group(2), "available", available));
    }

    private static <T> T given(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    private Map<String, Object> scripts() {
        return each(Player::script);
    }

    private Map<String, Object> calls() {
        return each(Player::counts);
    }

    private Map<String, Object> each(Function<Player, Object> what) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Service service : Service.values()) {
            Map<String, Object> operations = new LinkedHashMap<>();
            for (String operation : service.operations()) {
                operations.put(operation, what.apply(simulator.player(service, operation)));
            }
            all.put(service.label(), operations);
        }
        return all;
    }

    private static Refused unknown() {
        return new Refused(404, "NOT_FOUND", "path", "must be one that docs/reference/partners.md lists");
    }
}
