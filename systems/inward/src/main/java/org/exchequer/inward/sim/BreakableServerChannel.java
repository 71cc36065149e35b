package org.exchequer.inward.sim;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;

/** Listens as any server does, and knows its connections by where they come from, so that one can be broken. */
final class BreakableServerChannel extends NioServerSocketChannel {
    private final Map<SocketAddress, Channel> connections;

    /** @param connections filled with those that are open */
    BreakableServerChannel(Map<SocketAddress, Channel> connections) {
        this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int from = accepted.size();
        int count = super.doReadMessages(accepted);
        for (Object each : accepted.subList(from, accepted.size())) {
            Channel connection = (Channel) each;
            SocketAddress address = connection.remoteAddress();
            connections.put(address, connection);
            connection.closeFuture().addListener(closed -> connections.remove(address));
        }
        return count;
    }

    /** Resets the connection from an address, whatever is under way on it. */
    static void reset(Map<SocketAddress, Channel> connections, SocketAddress address) {
        Channel connection = connections.get(address);
        if (connection != null) {
            connection.eventLoop().execute(() -> {
                // Another call on it may have been quicker, or the caller: on its own thread it stays as it is seen.
                if (connection.isOpen()) {
                    connection.config().setOption(ChannelOption.SO_LINGER, 0);
                    // Past the HTTP/2 handler, which would first wait for the calls that are under way.
                    connection.unsafe().close(connection.voidPromise());
                }
            });
        }
    }
}
