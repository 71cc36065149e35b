package org.exchequer.inward.partner;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.exchequer.inward.partner.AccountInfo.Source;
import org.exchequer.inward.partner.HttpJson.Page;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** A core banking system over HTTP; docs/reference/partners.md has the protocol. */
public final class HttpCoreBanking implements CoreBanking, AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("[A-Za-z0-9./_-]{1,34}");
    private static final Pattern LEDGER_ACCOUNT = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final String ACCOUNT = "account";
    private static final int MAX_HOLDER = 140;
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final Source source;
    private final Set<String> currencies;
    private final HttpJson http;
    private final Guard guard;

    /**
     * @param currencies ISO 4217 codes that it keeps; empty for all
     * @param base {@code http://host:port} or {@code https://...}
     * @param connections at most so many at once, 1 or more
     */
    public HttpCoreBanking(
            Source source, Set<String> currencies, URI base, int connections, Breakers breakers, Ticker ticker) {
        String name = source.name().toLowerCase(Locale.ROOT);
        this.source = source;
        this.currencies = Set.copyOf(currencies);
        this.http = new HttpJson(name, base);
        this.guard = new Guard(name, breakers, connections, PATIENCE, ticker);
    }

    /** Singapore dollars. */
    public static HttpCoreBanking vam(URI base, Breakers breakers, Ticker ticker) {
        return new HttpCoreBanking(Source.VAM, Set.of("SGD"), base, CallLimits.STANDARD.vam(), breakers, ticker);
    }

    /** All currencies. */
    public static HttpCoreBanking midanz(URI base, Breakers breakers, Ticker ticker) {
        return new HttpCoreBanking(Source.MIDANZ, Set.of(), base, CallLimits.STANDARD.midanz(), breakers, ticker);
    }

    /** Calls that may be under way at once, for the lab to take away. */
    public Faults.Supply places() {
        return guard.places();
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public boolean holds(String currency) {
        return currencies.isEmpty() || currencies.contains(currency);
    }

    @Override
    public long usualNanos() {
        return guard.usualNanos();
    }

    @Override
    public boolean due(String currency) {
        return guard.due(ACCOUNT, currency);
    }

    @Override
    public Reply<Lookup> account(String number, String currency, long deadlineNanos) {
        if (!NUMBER.matcher(number).matches()) {
            return new Answered<>(new NotFound(number));
        }
        String path = "/" + source.name().toLowerCase(Locale.ROOT) + "/v1/accounts/" + number.replace("/", "%2F")
                + "?currency=" + currency;
        return guard.call(ACCOUNT, currency, deadlineNanos, given -> read(http.get(path, given), number));
    }

    private Reply<Lookup> read(Reply<Page> reply, String number) {
        return switch (reply) {
            case Answered<Page>(Page page) -> read(page, number);
            case Late<Page>(String why) -> new Late<>(why);
            case Unreachable<Page>(Cause cause, String why) -> new Unreachable<>(cause, why);
        };
    }

    private Reply<Lookup> read(Page page, String number) {
        if (page.status() != 200 && page.status() != 404) {
            return new Unreachable<>(Cause.ERROR, source + " answered with HTTP " + page.status());
        }
        try {
            return new Answered<>(page.status() == 200 ? found(page, number) : notFound(page, number));
        } catch (JacksonException e) {
            return new Unreachable<>(Cause.MANGLED, source + " answered what is not its JSON");
        } catch (MangledException e) {
            return new Unreachable<>(Cause.MANGLED, source + ": " + e.getMessage());
        }
    }

    /** As it is on the wire. */
    private record AccountBody(
            @Nullable String number,
            @Nullable String holder,
            @Nullable String status,
            @Nullable String type,
            @Nullable String currency,
            @Nullable String ledgerAccount,
            @Nullable String risk,
            @Nullable String asOf) {}

    /** As it is on the wire. A 404 that some proxy made has no such body, and says nothing of an account. */
    private record MissingBody(
            @Nullable String code, @Nullable String number) {}

    private Found found(Page page, String number) {
        AccountBody body = StrictJson.mapper().readValue(page.body(), AccountBody.class);
        if (body == null) {
            throw new MangledException("body is null");
        }
        about(number, body.number());
        String holder = given("holder", body.holder());
        if (holder.isBlank() || holder.length() > MAX_HOLDER || holder.indexOf('\uFFFD') >= 0) {
            throw new MangledException("holder must have 1 to 140 characters, none of them broken");
        }
        String currency = given("currency", body.currency());
        if (currency.length() != 3 || Currency.find(currency).isEmpty()) {
            throw new MangledException("currency is none");
        }
        String ledgerAccount = given("ledgerAccount", body.ledgerAccount());
        if (!LEDGER_ACCOUNT.matcher(ledgerAccount).matches()) {
            throw new MangledException("ledgerAccount is no code of an account");
        }
        return new Found(new AccountInfo(
                number,
                holder,
                one(AccountInfo.Status.class, "status", body.status()),
                one(AccountInfo.Type.class, "type", body.type()),
                currency,
                ledgerAccount,
                one(AccountInfo.Risk.class, "risk", body.risk()),
                source,
                instant(given("asOf", body.asOf()))));
    }

    private static NotFound notFound(Page page, String number) {
        MissingBody body = StrictJson.mapper().readValue(page.body(), MissingBody.class);
        if (body == null || !"ACCOUNT_UNKNOWN".equals(body.code())) {
            throw new MangledException("HTTP 404 without code ACCOUNT_UNKNOWN");
        }
        about(number, body.number());
        return new NotFound(number);
    }

    private static void about(String asked, @Nullable String answered) {
        if (!asked.equals(answered)) {
            throw new MangledException("the answer is about another account than was asked for");
        }
    }

    private static String given(String field, @Nullable String value) {
        if (value == null) {
            throw new MangledException(field + " is missing");
        }
        return value;
    }

    private static <E extends Enum<E>> E one(Class<E> type, String field, @Nullable String value) {
        String given = given(field, value);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(given)) {
                return constant;
            }
        }
        throw new MangledException(field + " is not a known one");
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MangledException("asOf is no time");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
