package org.exchequer.bench.exchange;

import exchange.core2.collections.objpool.ObjectsPool;
import exchange.core2.core.common.CoreSymbolSpecification;
import exchange.core2.core.common.L2MarketData;
import exchange.core2.core.common.MatcherEventType;
import exchange.core2.core.common.MatcherTradeEvent;
import exchange.core2.core.common.OrderAction;
import exchange.core2.core.common.OrderType;
import exchange.core2.core.common.SymbolType;
import exchange.core2.core.common.cmd.CommandResultCode;
import exchange.core2.core.common.cmd.OrderCommand;
import exchange.core2.core.common.config.LoggingConfiguration;
import exchange.core2.core.orderbook.IOrderBook;
import exchange.core2.core.orderbook.OrderBookDirectImpl;
import exchange.core2.core.orderbook.OrderBookEventsHelper;
import java.util.ArrayList;
import java.util.List;

/** exchange-core's {@link OrderBookDirectImpl}, set up as its own benchmark of order books does it. */
final class ExchangeCore implements Contestant {
    private static final int SYMBOL = 1;
    private static final long USER = 1;

    private final OrderCommand[] commands;
    private IOrderBook book = create();
    private long trades;

    ExchangeCore(Flow flow) {
        commands = new OrderCommand[flow.size()];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = command(flow.commands, i * Flow.LONGS);
        }
    }

    private static IOrderBook create() {
        CoreSymbolSpecification symbol = CoreSymbolSpecification.builder()
                .symbolId(SYMBOL)
                .type(SymbolType.FUTURES_CONTRACT)
                .baseCurrency(1)
                .quoteCurrency(2)
                .baseScaleK(1)
                .quoteScaleK(1)
                .takerFee(0)
                .makerFee(0)
                .build();
        return new OrderBookDirectImpl(
                symbol,
                ObjectsPool.createDefaultTestPool(),
                OrderBookEventsHelper.NON_POOLED_EVENTS_HELPER,
                LoggingConfiguration.DEFAULT);
    }

    private static OrderCommand command(long[] of, int at) {
        int what = (int) of[at];
        long id = of[at + 1];
        OrderAction action = (what & 1) == Flow.BUY ? OrderAction.BID : OrderAction.ASK;
        OrderCommand command = switch (what) {
            case Flow.MOVE -> OrderCommand.update(id, USER, of[at + 2]);
            case Flow.CANCEL -> OrderCommand.cancel(id, USER);
            case Flow.REDUCE -> OrderCommand.reduce(id, USER, of[at + 3]);
            case Flow.BUY, Flow.SELL ->
                OrderCommand.newOrder(OrderType.GTC, id, USER, of[at + 2], Long.MAX_VALUE, of[at + 3], action);
            default -> OrderCommand.newOrder(OrderType.IOC, id, USER, of[at + 2], Long.MAX_VALUE, of[at + 3], action);
        };
        command.symbol = SYMBOL;
        return command;
    }

    @Override
    public void reset() {
        book = create();
        for (OrderCommand command : commands) {
            command.matcherEvent = null;
        }
    }

    @Override
    public void run(int from, int to) {
        IOrderBook on = book;
        OrderCommand[] all = commands;
        for (int i = from; i < to; i++) {
            if (IOrderBook.processCommand(on, all[i]) != CommandResultCode.SUCCESS) {
                throw new IllegalStateException("refused: " + all[i]);
            }
        }
    }

    @Override
    public long trades() {
        trades = 0;
        for (OrderCommand command : commands) {
            for (MatcherTradeEvent event = command.matcherEvent; event != null; event = event.nextEvent) {
                if (event.eventType == MatcherEventType.TRADE) {
                    trades = Trades.mix(trades, event.matchedOrderId, command.orderId, event.price, event.size);
                }
            }
        }
        return trades;
    }

    @Override
    public List<Long> levels() {
        L2MarketData data = book.getL2MarketDataSnapshot();
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < data.bidSize; i++) {
            all.addAll(List.of(data.bidPrices[i], data.bidVolumes[i], data.bidOrders[i]));
        }
        for (int i = 0; i < data.askSize; i++) {
            all.addAll(List.of(data.askPrices[i], data.askVolumes[i], data.askOrders[i]));
        }
        return all;
    }
}
