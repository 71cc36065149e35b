package org.exchequer.inward.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BreakableServerChannelTest {
    @Test
    void breaksOnceWhatSeveralCallsBreak() throws Exception {
        SocketAddress address = InetSocketAddress.createUnresolved("caller.test", 1);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel connection = new NioSocketChannel();
            loops.register(connection).sync();
            Map<SocketAddress, Channel> connections = Map.of(address, connection);
            BreakableServerChannel.reset(connections, address);
            assertThat(connection.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
            // Options of a closed socket cannot be set: a second call must not try.
            assertThatCode(() -> BreakableServerChannel.reset(connections, address))
                    .doesNotThrowAnyException();
            assertThat(loops.submit(connection::isOpen).get(10, TimeUnit.SECONDS))
                    .isFalse();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
