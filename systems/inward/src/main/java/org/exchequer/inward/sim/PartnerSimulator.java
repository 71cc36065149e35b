package org.exchequer.inward.sim;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.kernel.Ticker;

/**
 * VAM, MIDANZ, the availability service and the liquidity service in one process, each on a port of its own on
 * loopback, and one more to change their scripts while they run. docs/reference/partners.md has protocols and paths.
 */
public final class PartnerSimulator implements AutoCloseable {
    /**
     * How it starts.
     *
     * @param seed of accounts and fates
     * @param scripts by service, for all its operations; what is not named answers at once
     * @param banks that take part, by the first 8 characters of their BIC
     * @param position what each bank has of each currency at first, in minor units; 0 for what is set only
     * @param ledgerAccount of generated accounts, see {@link SimulatedAccounts}
     */
    public record Settings(
            long seed, Map<Service, Script> scripts, Map<String, Standing> banks, long position, String ledgerAccount) {
        private static final long BILLION = 100_000_000_000L;

        public Settings {
            scripts = Map.copyOf(scripts);
            banks = Map.copyOf(banks);
        }

        /** All answer at once, and each bank has 1,000,000,000.00 of each currency. */
        public static Settings atOnce(long seed, Map<String, Standing> banks) {
            return new Settings(seed, Map.of(), banks, BILLION, "2000.deposits.{currency}.{bucket}");
        }

        /** With the times of the processor's specification: medians of 156 ms, 245 ms and 89 ms. */
        public static Settings asSpecified(long seed, Map<String, Standing> banks) {
            return new Settings(
                    seed,
                    Map.of(
                            Service.VAM, Script.AT_ONCE.taking(156, 190),
                            Service.MIDANZ, Script.AT_ONCE.taking(245, 390),
                            Service.LIQUIDITY, Script.AT_ONCE.taking(89, 150),
                            Service.AVAILABILITY, Script.AT_ONCE.taking(10, 40)),
                    banks,
                    BILLION,
                    "2000.deposits.{currency}.{bucket}");
        }
    }

    private record Operation(Service service, String name) {}

    private final Settings settings;
    private final SimulatedAccounts accounts;
    private final Positions positions;
    private final NavigableMap<String, Standing> banks = new ConcurrentSkipListMap<>();
    private final Map<Operation, Player> players = new HashMap<>();
    private final Map<Service, LoopbackServer> http = new HashMap<>();
    private final LoopbackServer admin;
    private final Map<SocketAddress, Channel> connections = new ConcurrentHashMap<>();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server liquidity;

    private PartnerSimulator(Settings settings, Clock clock, Ticker ticker) throws IOException {
        this.settings = settings;
        this.accounts = new SimulatedAccounts(settings.seed(), settings.ledgerAccount());
        this.positions = new Positions(settings.position());
        this.banks.putAll(settings.banks());
        for (Service service : Service.values()) {
            for (String operation : service.operations()) {
                players.put(
                        new Operation(service, operation),
                        new Player(script(service), settings.seed() + players.size(), ticker));
            }
        }
        Doors doors = new Doors(accounts, banks, clock);
        for (Service service : new Service[] {Service.VAM, Service.MIDANZ}) {
            Player player = player(service, "account");
            http.put(service, LoopbackServer.start(0, exchange -> doors.account(service, player, exchange)));
        }
        Player player = player(Service.AVAILABILITY, "banks");
        http.put(Service.AVAILABILITY, LoopbackServer.start(0, exchange -> doors.banks(player, exchange)));
        AdminDoor door = new AdminDoor(this);
        this.admin = LoopbackServer.start(0, door::answer);
        this.liquidity = liquidity();
    }

    /**
     * Starts all of it on free ports.
     *
     * @throws IOException when no port can be had
     */
    public static PartnerSimulator start(Settings settings, Clock clock, Ticker ticker) throws IOException {
        return new PartnerSimulator(settings, clock, ticker);
    }

    private Server liquidity() throws IOException {
        Map<String, Player> own = new HashMap<>();
        Service.LIQUIDITY.operations().forEach(name -> own.put(name, player(Service.LIQUIDITY, name)));
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .channelFactory(() -> new BreakableServerChannel(connections))
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .directExecutor()
                .maxInboundMessageSize(LoopbackServer.MAX_BODY_BYTES)
                .intercept(LiquidityDoor.CALLERS)
                .addService(new LiquidityDoor(
                        positions, own, calls, address -> BreakableServerChannel.reset(connections, address)))
                .build()
                .start();
    }

    private Script script(Service service) {
        return settings.scripts().getOrDefault(service, Script.AT_ONCE);
    }

    Player player(Service service, String operation) {
        Player player = players.get(new Operation(service, operation));
        if (player == null) {
            throw new IllegalArgumentException(service + " has no operation " + operation);
        }
        return player;
    }

    /** Where a service is: {@code http://127.0.0.1:port}, of the liquidity service for gRPC. */
    public URI url(Service service) {
        LoopbackServer server = http.get(service);
        return server == null ? URI.create("http://127.0.0.1:" + liquidity.getPort()) : server.url();
    }

    /** Where scripts are changed. */
    public URI adminUrl() {
        return admin.url();
    }

    /**
     * Plays another script from now on; calls that wait in the former one are let go.
     *
     * @throws IllegalArgumentException when the service has no such operation
     */
    public void play(Service service, String operation, Script script) {
        player(service, operation).play(script);
    }

    /** What an operation plays now. */
    public Script script(Service service, String operation) {
        return player(service, operation).script();
    }

    /** Plays another script for all operations of a service. */
    public void play(Service service, Script script) {
        service.operations().forEach(operation -> play(service, operation, script));
    }

    /** Plays the scripts of the beginning again. */
    public void reset() {
        for (Service service : Service.values()) {
            play(service, script(service));
        }
    }

    /** How many calls of an operation have come, whatever became of them. */
    public long calls(Service service, String operation) {
        return player(service, operation).counts().calls();
    }

    public SimulatedAccounts accounts() {
        return accounts;
    }

    public Positions positions() {
        return positions;
    }

    /** Lets a bank take part, or changes its standing. */
    public void putBank(String bic8, Standing standing) {
        banks.put(bic8, standing);
    }

    @Override
    public void close() {
        players.values().forEach(Player::close);
        http.values().forEach(LoopbackServer::close);
        admin.close();
        liquidity.shutdownNow();
        // What was let go ends first: it may still break its connection.
        calls.shutdownNow();
        calls.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
