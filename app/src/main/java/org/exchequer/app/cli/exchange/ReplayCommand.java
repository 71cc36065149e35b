package org.exchequer.app.cli.exchange;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.exchange.edge.sse.SseFormatException;
import org.exchequer.exchange.edge.sse.SseTape;
import org.exchequer.exchange.edge.sse.TapeReplay;
import org.exchequer.exchange.edge.sse.TapeReplay.AuctionResult;
import org.exchequer.exchange.edge.sse.TapeReplay.Compared;
import org.exchequer.exchange.edge.sse.TapeReplay.Result;
import org.exchequer.kernel.Ticker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exchequer exchange replay}. Needs no running program. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Gives a real day's orders to the book and compares what it makes of them with what the exchange did:"
                    + " trades, auctions and snapshots.",
            "FILE is a day of one share in the Shanghai Stock Exchange's Level-2 messages, a text line each, or a zip"
                    + " archive of it. Ends with 0 only when everything agrees."
        })
final class ReplayCommand implements Callable<Integer> {
    private final Ticker ticker;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FILE", description = "the tape")
    private Path file = Path.of("");

    ReplayCommand(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        SseTape tape = read();
        long began = ticker.nanos();
        Result result = TapeReplay.replay(tape);
        out.printf(
                Locale.ROOT,
                "%,d orders, %,d deletions, %,d trades and %,d snapshots, replayed and compared in %.1f s%n",
                result.orders(),
                result.deletes(),
                result.trades().all(),
                tape.snapshots().size(),
                (ticker.nanos() - began) / 1e9);
        line(out, "trades", result.trades(), "price, quantity, both orders, who came later");
        for (AuctionResult auction : result.auctions()) {
            out.printf(
                    Locale.ROOT,
                    "  %-12s %s; the exchange: %s%n",
                    "auction",
                    auction(auction.price(), auction.volume()),
                    auction(auction.tapePrice(), auction.tapeVolume()));
        }
        line(out, "calls", result.calls(), "snapshots before auctions: price, volume, what would be left");
        line(out, "snapshots", result.snapshots(), "ten levels of each side, number of trades, volume");
        result.differences().forEach(difference -> out.println("  differs      " + difference));
        out.println(result.agrees() ? "Everything agrees." : "NOT everything agrees.");
        return result.agrees() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private SseTape read() {
        try {
            return SseTape.read(file);
        } catch (SseFormatException e) {
            throw new CommandFailure(ExitCodes.NO_INPUT, file + " is no tape: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCodes.NO_INPUT,
                    file + " cannot be read: " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
    }

    private static void line(PrintWriter out, String what, Compared compared, String how) {
        out.printf(Locale.ROOT, "  %-12s %,d of %,d equal: %s%n", what, compared.equal(), compared.all(), how);
    }

    private static String auction(long price, long volume) {
        return volume == 0
                ? "none"
                : String.format(Locale.ROOT, "%,.3f for %,.3f shares", thousandths(price), thousandths(volume));
    }

    private static BigDecimal thousandths(long value) {
        return BigDecimal.valueOf(value, 3);
    }
}
