package org.exchequer.platform.infra;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Random loopback ports that stay the same over restarts. */
final class Ports {
    /** Below every common ephemeral range, so that no outgoing connection takes a recorded port while we are down. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private Ports() {}

    /** The port recorded in the file when it is free now; otherwise a free random one, which is then recorded. */
    static int recorded(Path file) {
        Optional<String> known = SmallFiles.read(file);
        if (known.isPresent() && known.get().matches("\\d{1,5}") && isFree(Integer.parseInt(known.get()))) {
            return Integer.parseInt(known.get());
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                SmallFiles.write(file, Integer.toString(port));
                return port;
            }
        }
        throw new InfrastructureException("no free TCP port between " + FIRST + " and " + LAST + " on 127.0.0.1");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
