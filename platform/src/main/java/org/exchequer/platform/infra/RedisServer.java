package org.exchequer.platform.infra;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** The files and the command line of an embedded Redis. */
final class RedisServer implements Supervisor.Program {
    private static final String HOST = "127.0.0.1";
    private static final int PROBE_MS = 1_000;
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(8);
    /** It has nothing to save. */
    private static final List<String> STOP = List.of("KILL");

    private static final String SETTINGS = """
            # Written by Exchequer at every start. Your own settings go into exchequer.conf beside it: they win.
            requirepass %s
            databases 1

            # A cache: what is lost with it is read from the database again.
            save ""
            appendonly no
            maxmemory 64mb
            maxmemory-policy allkeys-lru

            daemonize no
            loglevel warning
            always-show-logo no
            # By its arguments a later start knows a process of ours.
            set-proc-title no
            """;

    private final Path home;
    private final Path binary;
    private final String password;
    private final int port;

    private RedisServer(Path home, Path binary, String password) {
        this.home = home;
        this.binary = binary;
        this.password = password;
        this.port = Ports.recorded(home.resolve("port"));
    }

    /** Empty where no server runs on this machine. */
    static Optional<RedisServer> prepare(Path directory, Consumer<String> progress) throws IOException {
        Path home = directory.toRealPath();
        return RedisBinaries.unpacked(PostgresBinaries.cache(), progress)
                .map(binary -> new RedisServer(home, binary, PostgresServer.password(home.resolve("password"))));
    }

    /** With the password in it. */
    URI url() {
        return URI.create("redis://:" + password + "@" + HOST + ":" + port);
    }

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public String log() {
        return logFile().toString();
    }

    @Override
    public ChildProcess launch() throws IOException, InterruptedException {
        Path settings = home.resolve("redis.conf");
        Processes.end(Processes.find(RedisBinaries.NAME, settings.toString()), STOP, ORPHAN_PATIENCE);
        LogFiles.rotate(logFile());
        String own = SmallFiles.read(home.resolve("exchequer.conf")).orElse("");
        SmallFiles.write(settings, SETTINGS.formatted(password) + "\n" + own + "\n");
        // On the command line nothing in a file can open the server to the network.
        List<String> command = List.of(
                binary.toString(),
                settings.toString(),
                "--bind",
                HOST,
                "--protected-mode",
                "yes",
                "--port",
                Integer.toString(port),
                "--dir",
                home.toString());
        return ChildProcess.start(command, Map.of(), logFile(), STOP);
    }

    @Override
    public boolean answers() {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .timeoutMillis(PROBE_MS)
                .password(password)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .build();
        try (Jedis redis = new Jedis(new HostAndPort(HOST, port), config)) {
            return "PONG".equals(redis.ping());
        } catch (JedisException notYet) {
            return false;
        }
    }

    private Path logFile() {
        return home.resolve("server.log");
    }
}
