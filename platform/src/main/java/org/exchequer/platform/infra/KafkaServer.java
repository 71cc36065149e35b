package org.exchequer.platform.infra;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/** The files and the command line of an embedded Kafka broker. */
final class KafkaServer implements Supervisor.Program {
    private static final String HOST = "127.0.0.1";
    private static final int PROBE_MS = 2_000;
    private static final Duration LONGEST_FORMAT = Duration.ofMinutes(2);
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(8);
    private static final List<String> STOP = List.of("TERM", "KILL");

    private static final String SETTINGS = """
            # Written by Exchequer at every start. Your own settings go into exchequer.properties beside it: they win.
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@%1$s:%3$d
            listeners=PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d
            advertised.listeners=PLAINTEXT://%1$s:%2$d
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            inter.broker.listener.name=PLAINTEXT
            log.dirs=%4$s
            auto.create.topics.enable=false

            # There is one broker: its own topics have one replica, and few partitions, which start faster.
            default.replication.factor=1
            min.insync.replicas=1
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=4
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            share.coordinator.state.topic.num.partitions=1
            group.initial.rebalance.delay.ms=0

            # A killed broker may register again only when its last session has run out: 9 s by default.
            broker.session.timeout.ms=3000
            broker.heartbeat.interval.ms=500

            # Acknowledged means on disk. Kafka itself leaves that to replicas elsewhere, of which there is none.
            log.flush.interval.messages=1

            # Sized for two cores and a heap of 384 MiB.
            num.network.threads=2
            num.io.threads=4
            background.threads=2
            log.cleaner.dedupe.buffer.size=16777216
            """;

    private final Path home;
    private final Path lib;
    private final Consumer<String> progress;
    private final int port;

    private KafkaServer(Path home, Path lib, Consumer<String> progress) {
        this.home = home;
        this.lib = lib;
        this.progress = progress;
        this.port = Ports.recorded(home.resolve("port"));
    }

    static KafkaServer prepare(Path directory, Consumer<String> progress) throws IOException {
        return new KafkaServer(directory.toRealPath(), classPath(), progress);
    }

    String bootstrapServers() {
        return HOST + ":" + port;
    }

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public String log() {
        return logFile().toString();
    }

    @Override
    public ChildProcess launch() throws IOException, InterruptedException {
        Processes.end(Processes.find("java", mark()), STOP, ORPHAN_PATIENCE);
        LogFiles.rotate(logFile());
        Path data = home.resolve("data");
        if (!Files.exists(data)) {
            format(data);
        }
        Path settings = home.resolve("server.properties");
        SmallFiles.write(settings, settings(data));
        List<String> options = new ArrayList<>(List.of("-Xmx384m"));
        String archive = System.getProperty("exchequer.kafka.archive", "");
        if (!archive.isEmpty()) {
            // Loaded classes, mapped rather than loaded once more; the first orderly stop makes the file.
            options.addAll(List.of(
                    "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off,aot*=off"));
        }
        return java(options, "kafka.Kafka", List.of(settings.toString()));
    }

    /** True once the broker is part of its cluster and serves; its port opens earlier. */
    @Override
    public boolean answers() {
        if (!isOpen()) {
            return false;
        }
        Map<String, Object> configuration = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                PROBE_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                PROBE_MS);
        try (Admin admin = Admin.create(configuration)) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asked first: Kafka's client complains in the log about every refused connection. */
    private boolean isOpen() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), PROBE_MS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Prepares the data folder under another name first, so that one made halfway is never taken for whole. */
    private void format(Path data) throws IOException, InterruptedException {
        progress.accept("making a new Kafka log in " + data);
        Path part = home.resolve("data.part");
        Folders.delete(part);
        Path settings = home.resolve("format.properties");
        SmallFiles.write(settings, settings(part));
        ChildProcess format = java(
                List.of(),
                "kafka.tools.StorageTool",
                List.of("format", "--cluster-id", Uuid.randomUuid().toString(), "--config", settings.toString()));
        if (!format.awaitExit(LONGEST_FORMAT)) {
            format.stop(ORPHAN_PATIENCE, false);
        }
        if (format.awaitExit() != 0) {
            throw new InfrastructureException("Kafka's log cannot be made, see " + logFile());
        }
        Files.delete(settings);
        Files.move(part, data, StandardCopyOption.ATOMIC_MOVE);
        SmallFiles.sync(home);
    }

    private String settings(Path data) {
        int controllerPort = Ports.recorded(home.resolve("controller-port"));
        String own = SmallFiles.read(home.resolve("exchequer.properties")).orElse("");
        return SETTINGS.formatted(HOST, port, controllerPort, data) + "\n" + own + "\n";
    }

    private ChildProcess java(List<String> options, String main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        // The second compiler takes more of two cores in a broker's first minute than its code gives back in an hour.
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:ErrorFile=" + home.resolve("crash.log"), mark()));
        // Kafka unmaps its files with it; without the word Java prints a warning about it at every start.
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ"));
        command.addAll(List.of("-cp", lib + "/*", main));
        command.addAll(arguments);
        return ChildProcess.start(command, Map.of(), logFile(), STOP);
    }

    /** An argument without effect, by which a later start knows its processes. */
    private String mark() {
        return "-Dexchequer.kafka.home=" + home;
    }

    private Path logFile() {
        return home.resolve("broker.log");
    }

    private static Path classPath() {
        String configured = System.getProperty("exchequer.kafka.lib", System.getenv("EXCHEQUER_KAFKA_LIB"));
        if (configured == null || !Files.isDirectory(Path.of(configured))) {
            throw new InfrastructureException("embedded Kafka's libraries are not at "
                    + (configured == null ? "any configured place" : configured)
                    + "; build the program, or set EXCHEQUER_KAFKA to a Kafka of yours");
        }
        return Path.of(configured);
    }
}
