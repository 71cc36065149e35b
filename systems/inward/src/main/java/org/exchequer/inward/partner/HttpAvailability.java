package org.exchequer.inward.partner;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.partner.HttpJson.Page;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The availability service over HTTP; docs/reference/partners.md has the protocol. */
public final class HttpAvailability implements Availability, AutoCloseable {
    private static final Pattern BIC8 = Pattern.compile("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}");
    private static final int MOST_BANKS = 50_000;
    private static final int CONNECTIONS = 4;

    private final HttpJson http;
    private final Guard guard;

    /** @param base {@code http://host:port} or {@code https://...} */
    public HttpAvailability(URI base, Breakers breakers, Ticker ticker) {
        this.http = new HttpJson("availability", base);
        this.guard = new Guard("availability", breakers, CONNECTIONS, Duration.ZERO, ticker);
    }

    /** As it is on the wire: banks in order of BIC; {@code next} where more follow. */
    private record BanksBody(
            @Nullable List<@Nullable BankBody> banks,
            @Nullable String next) {}

    private record BankBody(@Nullable String bic8, @Nullable String standing) {}

    @Override
    public Reply<Map<String, Standing>> banks(long deadlineNanos) {
        Map<String, Standing> banks = new HashMap<>();
        String after = "";
        do {
            String path = "/availability/v1/banks" + (after.isEmpty() ? "" : "?after=" + after);
            String from = after;
            Reply<Optional<String>> page =
                    guard.call("banks", null, deadlineNanos, given -> read(http.get(path, given), from, banks));
            switch (page) {
                case Answered<Optional<String>>(Optional<String> next) -> after = next.orElse("");
                case Late<Optional<String>>(String why) -> {
                    return new Late<>(why);
                }
                case Unreachable<Optional<String>>(Cause cause, String why) -> {
                    return new Unreachable<>(cause, why);
                }
            }
        } while (!after.isEmpty());
        return new Answered<>(Map.copyOf(banks));
    }

    /** Adds what is on a page, and returns where the next one begins. */
    private static Reply<Optional<String>> read(Reply<Page> reply, String after, Map<String, Standing> banks) {
        return switch (reply) {
            case Late<Page>(String why) -> new Late<>(why);
            case Unreachable<Page>(Cause cause, String why) -> new Unreachable<>(cause, why);
            case Answered<Page>(Page page) -> {
                if (page.status() != 200) {
                    yield new Unreachable<>(Cause.ERROR, "availability answered with HTTP " + page.status());
                }
                try {
                    yield new Answered<>(add(page.body(), after, banks));
                } catch (JacksonException e) {
                    yield new Unreachable<>(Cause.MANGLED, "availability answered what is not its JSON");
                } catch (MangledException e) {
                    yield new Unreachable<>(Cause.MANGLED, "availability: " + e.getMessage());
                }
            }
        };
    }

    private static Optional<String> add(byte[] json, String after, Map<String, Standing> banks) {
        BanksBody body = StrictJson.mapper().readValue(json, BanksBody.class);
        if (body == null || body.banks() == null) {
            throw new MangledException("banks is missing");
        }
        String last = after;
        for (BankBody bank : body.banks()) {
            String bic = bank == null ? null : bank.bic8();
            if (bank == null || bic == null || !BIC8.matcher(bic).matches() || bic.compareTo(last) <= 0) {
                throw new MangledException("bic8 is missing, none, or out of order");
            }
            banks.put(bic, standing(bank.standing()));
            last = bic;
        }
        if (banks.size() > MOST_BANKS) {
            throw new MangledException("more than 50,000 banks");
        }
        String next = body.next();
        if (next != null && (body.banks().isEmpty() || !next.equals(last))) {
            throw new MangledException("next must be the last bank of the page");
        }
        return Optional.ofNullable(next);
    }

    private static Standing standing(@Nullable String text) {
        return Stream.of(Standing.values())
                .filter(standing -> standing.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new MangledException("standing is not a known one"));
    }

    @Override
    public void close() {
        http.close();
    }
}
