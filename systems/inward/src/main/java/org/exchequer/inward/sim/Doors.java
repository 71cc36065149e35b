package org.exchequer.inward.sim;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.sim.LoopbackServer.Answer;
import org.exchequer.inward.sim.LoopbackServer.Refused;
import org.exchequer.inward.sim.SimulatedAccounts.Listed;
import org.jspecify.annotations.Nullable;

/** What the simulated core banking systems and the availability service answer over HTTP, played by their scripts. */
final class Doors {
    private static final Pattern ACCOUNT = Pattern.compile("/(vam|midanz)/v1/accounts/([A-Za-z0-9./_%-]{1,102})");
    private static final Pattern QUERY = Pattern.compile("currency=([A-Z]{3})");
    private static final Pattern AFTER = Pattern.compile("after=([A-Z0-9]{8})");
    private static final int BANKS_A_PAGE = 500;

    private final SimulatedAccounts accounts;
    private final NavigableMap<String, Standing> banks;
    private final Clock clock;

    Doors(SimulatedAccounts accounts, NavigableMap<String, Standing> banks, Clock clock) {
        this.accounts = accounts;
        this.banks = banks;
        this.clock = clock;
    }

    /** A core banking system. */
    @Nullable
    Answer account(Service service, Player player, HttpExchange exchange) throws InterruptedException {
        Matcher path = ACCOUNT.matcher(exchange.getRequestURI().getRawPath());
        Matcher query = QUERY.matcher(String.valueOf(exchange.getRequestURI().getRawQuery()));
        if (!path.matches() || !path.group(1).equals(service.label()) || !reads(exchange)) {
            throw new Refused(404, "NOT_FOUND", "path", "must be GET /" + service.label() + "/v1/accounts/{number}");
        }
        if (!query.matches()) {
            throw new Refused(400, "INVALID_PARAMETER", "currency", "must be a currency code");
        }
        String number = path.group(2).replace("%2F", "/");
        String currency = query.group(1);
        Player.Fate fate = player.turn().await();
        Optional<Listed> found = service == Service.VAM && !currency.equals("SGD")
                ? Optional.empty()
                : accounts.account(number, currency);
        return switch (fate) {
            case ANSWERED -> found.isPresent() ? Answer.json(200, body(found.get())) : unknown(number);
            case FAILED -> failure(player);
            case HUNG, LOST -> null;
            case MANGLED -> mangled(found.map(this::body).orElseGet(() -> Map.of("code", "?")), player);
        };
    }

    /** The availability service: banks in order of BIC, 500 a page. */
    @Nullable
    Answer banks(Player player, HttpExchange exchange) throws InterruptedException {
        String query = exchange.getRequestURI().getRawQuery();
        Matcher after = AFTER.matcher(query == null ? "after=00000000" : query);
        if (!exchange.getRequestURI().getRawPath().equals("/availability/v1/banks") || !reads(exchange)) {
            throw new Refused(404, "NOT_FOUND", "path", "must be GET /availability/v1/banks");
        }
        if (!after.matches()) {
            throw new Refused(400, "INVALID_PARAMETER", "after", "must be the first 8 characters of a BIC");
        }
        return switch (player.turn().await()) {
            case ANSWERED -> Answer.json(200, page(after.group(1)));
            case FAILED -> failure(player);
            case HUNG, LOST -> null;
            case MANGLED -> mangled(page(after.group(1)), player);
        };
    }

    private static boolean reads(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET");
    }

    private Map<String, Object> page(String after) {
        List<Map<String, Object>> page = banks.tailMap(after, false).entrySet().stream()
                .limit(BANKS_A_PAGE)
                .map(bank -> Map.<String, Object>of(
                        "bic8", bank.getKey(), "standing", bank.getValue().name()))
                .toList();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("banks", page);
        Object last = page.isEmpty() ? "" : page.getLast().get("bic8");
        if (page.size() == BANKS_A_PAGE && !banks.lastKey().equals(last)) {
            body.put("next", last);
        }
        return body;
    }

    private Map<String, Object> body(Listed account) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("number", account.number());
        body.put("holder", account.holder());
        body.put("status", account.status());
        body.put("type", account.type());
        body.put("currency", account.currency());
        body.put("ledgerAccount", account.ledgerAccount());
        body.put("risk", account.risk());
        body.put("asOf", clock.instant().toString());
        return body;
    }

    private static Answer unknown(String number) {
        return Answer.json(404, Map.of("code", "ACCOUNT_UNKNOWN", "number", number));
    }

    private static @Nullable Answer failure(Player player) {
        return switch (player.script().failure()) {
            case INTERNAL -> Answer.json(500, Map.of("code", "INTERNAL_ERROR"));
            case UNAVAILABLE -> Answer.json(503, Map.of("code", "UNAVAILABLE"));
            case DISCONNECT -> null;
        };
    }

    /** Truncated, with a broken character, about something else, or with a field that is none. */
    private static Answer mangled(Map<String, Object> right, Player player) {
        Map<String, Object> body = new LinkedHashMap<>(right);
        byte[] whole = Answer.json(200, body).body();
        return switch (player.pick(4)) {
            case 0 -> new Answer(200, "application/json", Arrays.copyOf(whole, whole.length * 2 / 3));
            case 1 -> {
                byte[] broken = new String(whole, StandardCharsets.UTF_8)
                        .replaceFirst("\"holder\":\"", "\"holder\":\"\u0001")
                        .getBytes(StandardCharsets.ISO_8859_1);
                broken[broken.length / 2] = (byte) 0xFF;
                yield new Answer(200, "application/json", broken);
            }
            case 2 -> {
                body.replace("number", "0000000000000");
                body.replace("banks", List.of(Map.of("bic8", "?", "standing", "ACTIVE")));
                body.replace("code", "OTHER");
                yield Answer.json(200, body);
            }
            default -> {
                body.replace("currency", "ZZZ");
                body.replace("banks", Map.of());
                body.replace("code", 7);
                yield Answer.json(200, body);
            }
        };
    }
}
