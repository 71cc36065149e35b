package org.exchequer.app;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.exchequer.console.edge.Console;
import org.exchequer.inward.InwardModule.Partners;
import org.exchequer.inward.edge.http.InwardDoors;
import org.exchequer.ledger.edge.http.LedgerDoors;
import org.exchequer.platform.backup.WalArchive;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.host.HostSettings.Tls;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.TokenPolicy;
import org.exchequer.platform.telemetry.LogSetup;
import org.exchequer.platform.web.HttpLimits;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.reconciliation.edge.http.ReconciliationDoors;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says. Every variable is optional; a wrong value is refused with its name and the rule.
 *
 * @param databases {@code EXCHEQUER_DATABASE_URL}: a PostgreSQL to use instead of the embedded one; several,
 *     separated by commas, are the shards of one ledger, in the order in which they were added. Empty for the
 *     embedded one
 * @param kafka {@code EXCHEQUER_KAFKA}: bootstrap servers to use instead of the embedded broker
 * @param redis {@code EXCHEQUER_REDIS}: {@code redis://} or {@code rediss://} to use instead of the embedded one, or
 *     {@code off}
 * @param bind {@code EXCHEQUER_BIND}: address to listen on; this machine only by default
 * @param publicUrl {@code EXCHEQUER_PUBLIC_URL}: where other nodes reach this one's gRPC, e.g. {@code
 *     http://10.0.0.7:7071}
 * @param tls {@code EXCHEQUER_TLS_CERT} and {@code EXCHEQUER_TLS_KEY}: PEM files
 * @param tokens {@code EXCHEQUER_OIDC_ISSUER}, {@code EXCHEQUER_OIDC_AUDIENCE}, {@code EXCHEQUER_ROLES_CLAIM}
 * @param metricsOpen {@code EXCHEQUER_METRICS_OPEN}: {@code loopback} (default) or {@code no}
 * @param limits {@code EXCHEQUER_RATE_LIMIT}: requests per second and caller; {@code EXCHEQUER_MAX_BODY}: bytes
 * @param log {@code EXCHEQUER_LOG}: {@code text} (default) or {@code json} on standard error
 * @param walArchive {@code EXCHEQUER_WAL_ARCHIVE}: folder, best on another disk, for the embedded PostgreSQL's log
 * @param labRuns {@code EXCHEQUER_LAB_RUNS}: folder of the lab's runs that the console shows
 * @param masterKey {@code EXCHEQUER_MASTER_KEY}: 32 bytes in Base64 that personal data is sealed under; needed where
 *     several nodes share a PostgreSQL
 * @param sanctions {@code EXCHEQUER_SANCTIONS_LISTS}: folder of the lists that names are screened against
 * @param inwardPartners {@code EXCHEQUER_INWARD_VAM}, {@code EXCHEQUER_INWARD_MIDANZ}, {@code
 *     EXCHEQUER_INWARD_LIQUIDITY} and {@code EXCHEQUER_INWARD_AVAILABILITY}: where inward clearing asks; without them
 *     it starts simulated ones
 * @param otlp {@code OTEL_EXPORTER_OTLP_ENDPOINT}: where spans go
 */
public record Settings(
        List<DatabaseAddress> databases,
        @Nullable String kafka,
        Redis redis,
        String bind,
        @Nullable String publicUrl,
        @Nullable Tls tls,
        TokenPolicy tokens,
        boolean metricsOpen,
        HttpLimits limits,
        LogSetup.Format log,
        @Nullable Path walArchive,
        @Nullable Path labRuns,
        @Nullable MasterKey masterKey,
        @Nullable Path sanctions,
        Optional<Partners> inwardPartners,
        @Nullable String otlp) {

    /**
     * Which Redis is used: the embedded one, one of the user's own, or none.
     *
     * @param url of the user's own, its password included
     */
    public record Redis(boolean embedded, Optional<URI> url) {}

    /** The variable of the databases. */
    public static final String DATABASE_URL = "EXCHEQUER_DATABASE_URL";

    /** The variable of the master key. */
    public static final String MASTER_KEY = "EXCHEQUER_MASTER_KEY";

    /** @throws IllegalArgumentException for a wrong value; the message is one line for people */
    public static Settings from(Map<String, String> environment) {
        Reader env = new Reader(environment);
        String database = env.get(DATABASE_URL);
        String walArchive = env.get("EXCHEQUER_WAL_ARCHIVE");
        String labRuns = env.get("EXCHEQUER_LAB_RUNS");
        String sanctions = env.get("EXCHEQUER_SANCTIONS_LISTS");
        return new Settings(
                databases(database),
                env.get("EXCHEQUER_KAFKA"),
                redis(env),
                env.get("EXCHEQUER_BIND", "127.0.0.1"),
                env.get("EXCHEQUER_PUBLIC_URL"),
                tls(env),
                tokens(env),
                metricsOpen(env),
                limits(env),
                LogSetup.Format.parse(env.get("EXCHEQUER_LOG", "text")),
                walArchive == null ? null : Path.of(walArchive).toAbsolutePath(),
                labRuns == null ? null : Path.of(labRuns).toAbsolutePath(),
                masterKey(MASTER_KEY, environment),
                sanctions == null ? null : Path.of(sanctions).toAbsolutePath(),
                inwardPartners(env),
                env.get("OTEL_EXPORTER_OTLP_ENDPOINT"));
    }

    /**
     * A master key from a variable; null where there is none.
     *
     * @throws IllegalArgumentException for a wrong value, which it does not repeat
     */
    public static @Nullable MasterKey masterKey(String name, Map<String, String> environment) {
        String text = new Reader(environment).get(name);
        return text == null ? null : MasterKey.parse(name, text);
    }

    /**
     * Where the master key is: given, or in this file, which is made beside an embedded PostgreSQL. Beside one that
     * other nodes may share it is not: each would make its own.
     */
    public MasterKeys masterKeys(Path file) {
        return masterKey != null ? MasterKeys.given(masterKey) : MasterKeys.file(file, databases.isEmpty());
    }

    /** The first database; null for the embedded one. */
    public @Nullable DatabaseAddress database() {
        return databases.isEmpty() ? null : databases.getFirst();
    }

    private static List<DatabaseAddress> databases(@Nullable String urls) {
        return urls == null
                ? List.of()
                : Arrays.stream(urls.split(",", -1)).map(DatabaseAddress::parse).toList();
    }

    /** Where the log of this data directory's PostgreSQL is archived; of several in one place, each has its folder. */
    public Path walArchive(DataDirectory data) {
        return walArchive == null ? WalArchive.in(data.path()) : walArchive.resolve(data.nodeId());
    }

    /** Where the lab keeps its runs, of whatever ledger: beside this data directory unless it is said otherwise. */
    public Path labRuns(Path data) {
        return labRuns == null ? data.resolve("lab").resolve("runs") : labRuns;
    }

    private static Redis redis(Reader env) {
        String text = env.get("EXCHEQUER_REDIS");
        if (text == null || text.equals("off")) {
            return new Redis(text == null, Optional.empty());
        }
        // It may hold a password, so the message does not repeat it.
        String rule = "EXCHEQUER_REDIS must be off, or redis://[user:password@]host:port (rediss for TLS)";
        try {
            URI url = new URI(text);
            boolean known = "redis".equals(url.getScheme()) || "rediss".equals(url.getScheme());
            if (known && url.getHost() != null && url.getPort() > 0) {
                return new Redis(false, Optional.of(url));
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(rule);
        }
        throw new IllegalArgumentException(rule);
    }

    private record Reader(Map<String, String> environment) {
        @Nullable
        String get(String name) {
            String value = environment.get(name);
            return value == null || value.isBlank() ? null : value.strip();
        }

        String get(String name, String otherwise) {
            String value = get(name);
            return value == null ? otherwise : value;
        }

        long number(String name, long otherwise, long most) {
            String value = get(name);
            if (value == null) {
                return otherwise;
            }
            if (!value.matches("[0-9]{1,10}") || Long.parseLong(value) < 1 || Long.parseLong(value) > most) {
                throw new IllegalArgumentException(name + " must be a whole number from 1 to " + most);
            }
            return Long.parseLong(value);
        }
    }

    private static @Nullable Tls tls(Reader env) {
        String certificate = env.get("EXCHEQUER_TLS_CERT");
        String key = env.get("EXCHEQUER_TLS_KEY");
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException("EXCHEQUER_TLS_CERT and EXCHEQUER_TLS_KEY go together");
        }
        return new Tls(readable("EXCHEQUER_TLS_CERT", certificate), readable("EXCHEQUER_TLS_KEY", key));
    }

    private static Path readable(String name, String value) {
        Path path = Path.of(value).toAbsolutePath();
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException(name + " must name a readable file, not " + path);
        }
        return path;
    }

    private static TokenPolicy tokens(Reader env) {
        String issuer = env.get("EXCHEQUER_OIDC_ISSUER");
        if (issuer != null) {
            String scheme = String.valueOf(URI.create(issuer).getScheme());
            if (!scheme.equals("https") && !scheme.equals("http")) {
                throw new IllegalArgumentException("EXCHEQUER_OIDC_ISSUER must be an https URL");
            }
        }
        return new TokenPolicy(
                issuer,
                env.get("EXCHEQUER_OIDC_AUDIENCE", LocalIssuer.API_AUDIENCE),
                env.get("EXCHEQUER_ROLES_CLAIM", LocalIssuer.ROLES_CLAIM));
    }

    private static boolean metricsOpen(Reader env) {
        return switch (env.get("EXCHEQUER_METRICS_OPEN", "loopback")) {
            case "loopback" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException("EXCHEQUER_METRICS_OPEN must be loopback or no");
        };
    }

    private static Optional<Partners> inwardPartners(Reader env) {
        String[] names = {
            "EXCHEQUER_INWARD_VAM",
            "EXCHEQUER_INWARD_MIDANZ",
            "EXCHEQUER_INWARD_LIQUIDITY",
            "EXCHEQUER_INWARD_AVAILABILITY"
        };
        List<URI> given = Arrays.stream(names)
                .filter(name -> env.get(name) != null)
                .map(name -> httpUrl(name, Objects.requireNonNull(env.get(name))))
                .toList();
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() < names.length) {
            throw new IllegalArgumentException(String.join(", ", names) + " must be given together or not at all");
        }
        return Optional.of(new Partners(given.get(0), given.get(1), given.get(2), given.get(3)));
    }

    private static URI httpUrl(String name, String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name + " must be an http or https URL", e);
        }
        throw new IllegalArgumentException(name + " must be an http or https URL");
    }

    private static HttpLimits limits(Reader env) {
        HttpLimits normal = HttpLimits.DEFAULT;
        int rate = (int) env.number("EXCHEQUER_RATE_LIMIT", normal.requestsPerSecond(), 1_000_000);
        long body = env.number("EXCHEQUER_MAX_BODY", normal.bodyBytes(), 1 << 30);
        Map<String, Long> larger = new HashMap<>(LedgerDoors.bodyLimits());
        larger.putAll(ReconciliationDoors.bodyLimits());
        larger.putAll(InwardDoors.bodyLimits());
        larger.putAll(Console.bodyLimits());
        larger.replaceAll((path, bytes) -> Math.max(bytes, body));
        return new HttpLimits(
                body, larger, normal.bodyTime(), normal.requestTime(), rate, 2 * rate, normal.anonymousPerSecond());
    }
}
