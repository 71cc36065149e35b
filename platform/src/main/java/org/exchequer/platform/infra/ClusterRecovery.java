package org.exchequer.platform.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Brings a cluster that was copied while it ran to a point in time, from the write-ahead log that lies in its {@code
 * pg_wal} (PostgreSQL 18 manual, 25.3.5).
 *
 * <p>Nobody can connect to it meanwhile: the password that the copied cluster knows is nowhere on this machine, and at
 * the end it gets a new one.
 */
public final class ClusterRecovery {
    private static final List<String> STOP = List.of("INT", "QUIT", "KILL");
    private static final Duration PROBE_EVERY = Duration.ofMillis(25);
    private static final Duration TELL_EVERY = Duration.ofSeconds(2);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(2);
    private static final Duration PASSWORD_PATIENCE = Duration.ofMinutes(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);
    private static final Pattern LAST_TRANSACTION = Pattern.compile("last completed transaction was at log time (.+)");
    private static final Pattern REASON = Pattern.compile("(?:FATAL|PANIC): {2}(.+)");

    /**
     * How a recovery ended.
     *
     * @param lastTransaction time of the last transaction that was recovered, as PostgreSQL prints it; empty when the
     *     log held none
     * @param end the log's position where it ended, e.g. {@code 0/3000128}
     */
    public record Recovered(Optional<String> lastTransaction, String end) {}

    /** The log ends before the time that was asked for. */
    public static final class TimeNotReachedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Optional<String> lastTransaction;

        TimeNotReachedException(Optional<String> lastTransaction) {
            super("the write-ahead log ends before that time");
            this.lastTransaction = lastTransaction;
        }

        /** Time of the last transaction in the log, as PostgreSQL prints it. */
        public Optional<String> lastTransaction() {
            return lastTransaction;
        }
    }

    private final Path home;
    private final Path data;
    private final Path log;
    private final Path binaries;
    private final Unprivileged way;
    private final Ticker ticker;
    private final Consumer<String> progress;

    private ClusterRecovery(Path home, Path binaries, Unprivileged way, Ticker ticker, Consumer<String> progress) {
        this.home = home;
        this.data = home.resolve("data");
        this.log = home.resolve("server.log");
        this.binaries = binaries;
        this.way = way;
        this.ticker = ticker;
        this.progress = progress;
    }

    /**
     * Recovers the cluster in the folder {@code data} of this directory, stops it cleanly, and gives it a password of
     * its own. The directory is then one that {@link EmbeddedPostgres} can start.
     *
     * @param directory nobody else's; with the cluster's copy, its {@code backup_label} and log in place
     * @param walArchive where the recovered cluster will archive its log
     * @param to up to and with the transactions of this time; null for all there are
     * @throws TimeNotReachedException when the log ends before that
     * @throws InfrastructureException when PostgreSQL cannot recover it; the message says why
     */
    public static Recovered run(
            Path directory, Path walArchive, @Nullable Instant to, Ticker ticker, Consumer<String> progress)
            throws IOException, InterruptedException, TimeNotReachedException {
        Path home = directory.toRealPath();
        Path binaries = PostgresBinaries.unpacked(PostgresBinaries.cache(), progress);
        Unprivileged way = Unprivileged.choose(Unprivileged.forUs(), binaries.resolve("bin/postgres"), home);
        PostgresServer.writeSettings(home, walArchive);
        ClusterRecovery recovery = new ClusterRecovery(home, binaries, way, ticker, progress);
        Recovered recovered = recovery.recover(to);
        recovery.setPassword();
        return recovered;
    }

    private Recovered recover(@Nullable Instant to) throws IOException, InterruptedException, TimeNotReachedException {
        SmallFiles.write(data.resolve("recovery.signal"), "");
        way.own(home);
        ChildProcess server = ChildProcess.start(command(to), Map.of("LC_ALL", "C"), log, STOP);
        try {
            awaitPromotion(server);
        } finally {
            server.stop(STOP_PATIENCE, false);
        }
        if (server.awaitExit() != 0) {
            throw failed("PostgreSQL did not stop cleanly after the recovery");
        }
        return new Recovered(lastTransaction(), end());
    }

    private List<String> command(@Nullable Instant to) {
        List<String> command = new ArrayList<>(way.prefix());
        command.addAll(List.of(binaries.resolve("bin/postgres").toString(), "-D", data.toString()));
        List<String> settings = new ArrayList<>(List.of(
                "port=" + Ports.recorded(home.resolve("port")),
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "hba_file=" + data.resolve("pg_hba.conf"),
                "hot_standby=off",
                "archive_mode=off",
                // All of the log lies in pg_wal already: there is nothing to fetch.
                "restore_command=false",
                "recovery_target_timeline=current",
                "recovery_target_action=promote",
                "log_min_messages=log"));
        if (to != null) {
            settings.add("recovery_target_time=" + TIME.format(to));
        }
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        return command;
    }

    /** The server says in its lock file when it is open for use, which without hot standby is after the promotion. */
    private void awaitPromotion(ChildProcess server) throws InterruptedException, TimeNotReachedException {
        long began = ticker.nanos();
        long tell = TELL_EVERY.toNanos();
        while (!PostgresServer.saysReady(data)) {
            if (server.awaitExit(PROBE_EVERY)) {
                if (text().contains("recovery ended before configured recovery target was reached")) {
                    throw new TimeNotReachedException(lastTransaction());
                }
                throw failed("PostgreSQL cannot recover the cluster");
            }
            long elapsed = ticker.nanos() - began;
            if (elapsed > tell) {
                progress.accept("replaying the write-ahead log, " + TimeUnit.NANOSECONDS.toSeconds(elapsed) + " s");
                tell = elapsed + TELL_EVERY.toNanos();
            }
        }
    }

    /** Where the old timeline ends: the last line of the history that the promotion wrote. */
    private String end() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("pg_wal"))) {
            Path history = files.filter(file -> file.toString().endsWith(".history"))
                    .max(Path::compareTo)
                    .orElseThrow(() -> failed("PostgreSQL did not begin a new timeline"));
            // Timeline, where it ended, why; the reason may bring an empty line with it.
            String last = Files.readAllLines(history).stream()
                    .filter(line -> line.matches("\\d+\\s.*"))
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> failed("PostgreSQL did not say where the timeline ended"));
            return last.split("\\s+", 3)[1];
        }
    }

    /**
     * In single-user mode, so that at no time anybody can connect without a password. It ends with its input, so it
     * does not outlive this process either.
     */
    private void setPassword() throws IOException, InterruptedException {
        String password = PostgresServer.password(home.resolve("password"));
        List<String> command = new ArrayList<>(way.prefix());
        command.addAll(List.of(binaries.resolve("bin/postgres").toString(), "--single", "-D", data.toString()));
        command.addAll(List.of("-c", "archive_mode=off", PostgresServer.MAINTENANCE_DATABASE));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LC_ALL", "C");
        Process single = builder.start();
        try (var input = single.outputWriter(StandardCharsets.US_ASCII)) {
            input.write("ALTER ROLE " + PostgresServer.SUPERUSER + " PASSWORD '" + password + "'\n");
        }
        if (!single.waitFor(PASSWORD_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            single.destroyForcibly();
            throw failed("PostgreSQL in single-user mode does not end");
        }
        if (single.exitValue() != 0) {
            throw failed("the cluster cannot be given a password");
        }
        way.own(home);
    }

    private Optional<String> lastTransaction() {
        Matcher matcher = LAST_TRANSACTION.matcher(text());
        Optional<String> last = Optional.empty();
        while (matcher.find()) {
            last = Optional.of(matcher.group(1));
        }
        return last;
    }

    private InfrastructureException failed(String what) {
        Matcher reason = REASON.matcher(text());
        return new InfrastructureException(what + (reason.find() ? ": " + reason.group(1) : "") + "; see " + log);
    }

    private String text() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }
}
