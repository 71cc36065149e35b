package org.exchequer.exchange.edge.sse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.exchequer.exchange.core.Book;
import org.exchequer.exchange.core.Terms;

/**
 * One day of one share as the Shanghai Stock Exchange published it: a text line for each message of its Level-2 feed,
 * {@code Name=Value} with spaces between them. Message 192 is an order that was added or deleted, 191 a trade, 111 a
 * snapshot of ten levels. Prices and quantities in thousandths, of yuan and of shares.
 *
 * @param ticks orders and trades in the order in which they happened
 * @param snapshots in the order in which they were taken
 */
public record SseTape(List<Tick> ticks, List<Snapshot> snapshots) {
    private static final int MAX_LINE = 8 << 10;
    private static final int MAX_LINES = 2_000_000;
    private static final int MAX_SNAPSHOTS = 50_000;
    private static final int LEVELS = 10;
    /** A billion yuan. */
    private static final long MAX_PRICE = 1_000_000_000_000L;

    private static final int MIDNIGHT = 24_00_00_00;

    /** An order or a trade. */
    public sealed interface Tick {
        /** Its place among all orders and trades of its channel. */
        long sequence();

        /** Hours, minutes, seconds and hundredths, as 9150000 for a quarter past nine. */
        int time();
    }

    /** An order waits from now on. One that is executed at once as a whole has none. */
    public record Add(long sequence, int time, long order, int side, long price, long quantity) implements Tick {}

    /** An order waits no longer; with what was left of it. */
    public record Delete(long sequence, int time, long order, int side, long price, long quantity) implements Tick {}

    /** Who came later. */
    public enum Aggressor {
        BUY,
        SELL,
        /** Nobody: it was an auction. */
        NONE
    }

    /** A trade between two orders. */
    public record Trade(long sequence, int time, long buy, long sell, long price, long quantity, Aggressor aggressor)
            implements Tick {}

    /** A price and what waits there. */
    public record Level(long price, long quantity) {}

    /**
     * The best ten levels of each side; fewer, when there are fewer. In the call of an auction the first of each side
     * is its price and volume so far, and the second has what would be left on that side.
     *
     * @param time hours, minutes and seconds, as 91500
     * @param call whether it was taken in the call of an auction, before its trades
     * @param trades so far today
     * @param volume so far today
     * @param previousClose of the day before
     */
    public record Snapshot(
            int time, boolean call, long trades, long volume, long previousClose, List<Level> bids, List<Level> asks) {}

    /**
     * Reads a tape, from a text file or the first entry of a zip archive.
     *
     * @throws SseFormatException naming the line and what is wrong with it
     */
    public static SseTape read(Path file) throws IOException, SseFormatException {
        try (InputStream in = Files.newInputStream(file)) {
            if (!file.toString().endsWith(".zip")) {
                return read(in);
            }
            try (ZipInputStream zip = new ZipInputStream(in)) {
                ZipEntry entry = zip.getNextEntry();
                if (entry == null) {
                    throw new SseFormatException("a zip archive with a file in it is expected");
                }
                return read(zip);
            }
        }
    }

    /** Reads a tape's text. */
    public static SseTape read(InputStream in) throws IOException, SseFormatException {
        List<Tick> ticks = new ArrayList<>();
        List<Snapshot> snapshots = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(
                in,
                StandardCharsets.US_ASCII
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)));
        StringBuilder line = new StringBuilder();
        int number = 0;
        while (next(reader, line, number + 1)) {
            number++;
            if (number > MAX_LINES || snapshots.size() > MAX_SNAPSHOTS) {
                throw new SseFormatException(
                        "at most " + MAX_LINES + " lines and " + MAX_SNAPSHOTS + " snapshots are read");
            }
            if (line.toString().isBlank()) {
                continue;
            }
            Fields fields = new Fields(line.toString(), number);
            switch (fields.text("MsgType")) {
                case "192" -> ticks.add(order(fields));
                case "191" -> ticks.add(trade(fields));
                case "111" -> snapshots.add(snapshot(fields));
                case String other -> throw fields.wrong("MsgType", other, "must be 111, 191 or 192");
            }
        }
        if (ticks.isEmpty()) {
            throw new SseFormatException("there are no orders in it");
        }
        ticks.sort(Comparator.comparingLong(Tick::sequence));
        for (int i = 1; i < ticks.size(); i++) {
            if (ticks.get(i).sequence() == ticks.get(i - 1).sequence()) {
                throw new SseFormatException("BizIndex " + ticks.get(i).sequence() + " is there twice");
            }
        }
        return new SseTape(List.copyOf(ticks), List.copyOf(snapshots));
    }

    /** Reads a line of bounded length; false at the end. */
    private static boolean next(BufferedReader reader, StringBuilder line, int number)
            throws IOException, SseFormatException {
        line.setLength(0);
        int read = reader.read();
        boolean any = read >= 0;
        while (read >= 0 && read != '\n') {
            if (line.length() == MAX_LINE) {
                throw new SseFormatException("line " + number + ": has more than " + MAX_LINE + " characters");
            }
            line.append((char) read);
            read = reader.read();
        }
        return any;
    }

    private static Tick order(Fields fields) throws SseFormatException {
        long sequence = fields.number("BizIndex");
        int time = fields.time("TransactTime");
        long order = fields.upTo("OrderNo", Long.MAX_VALUE);
        return switch (fields.text("OrdType")) {
            case "65" ->
                new Add(sequence, time, order, side(fields), price(fields, "Price"), quantity(fields, "OrderQty"));
            case "68" ->
                new Delete(sequence, time, order, side(fields), price(fields, "Price"), quantity(fields, "OrderQty"));
            case String other -> throw fields.wrong("OrdType", other, "must be 65 (add) or 68 (delete)");
        };
    }

    private static long price(Fields fields, String name) throws SseFormatException {
        return fields.upTo(name, MAX_PRICE);
    }

    private static long quantity(Fields fields, String name) throws SseFormatException {
        return fields.upTo(name, Book.MAX_QUANTITY);
    }

    private static int side(Fields fields) throws SseFormatException {
        return switch (fields.text("Side")) {
            case "66" -> Terms.BUY;
            case "83" -> Terms.SELL;
            case String other -> throw fields.wrong("Side", other, "must be 66 (buy) or 83 (sell)");
        };
    }

    private static Trade trade(Fields fields) throws SseFormatException {
        Aggressor aggressor = switch (fields.text("ExecType")) {
            case "66" -> Aggressor.BUY;
            case "83" -> Aggressor.SELL;
            case "78" -> Aggressor.NONE;
            case String other -> throw fields.wrong("ExecType", other, "must be 66, 83 or 78");
        };
        return new Trade(
                fields.number("BizIndex"),
                fields.time("TransactTime"),
                fields.upTo("BidApplSeqNum", Long.MAX_VALUE),
                fields.upTo("OfferApplSeqNum", Long.MAX_VALUE),
                price(fields, "LastPx"),
                quantity(fields, "LastQty"),
                aggressor);
    }

    private static Snapshot snapshot(Fields fields) throws SseFormatException {
        List<Level> bids = levels(fields, "BidLevel");
        List<Level> asks = levels(fields, "AskLevel");
        boolean crossed = !bids.isEmpty()
                && !asks.isEmpty()
                && bids.getFirst().price() == asks.getFirst().price();
        return new Snapshot(
                fields.time("DataTimeStamp"),
                crossed,
                fields.number("NumTrades"),
                fields.number("TotalVolumeTrade"),
                fields.number("PrevClosePx"),
                bids,
                asks);
    }

    private static List<Level> levels(Fields fields, String side) throws SseFormatException {
        List<Level> levels = new ArrayList<>();
        for (int i = 0; i < LEVELS; i++) {
            Level level = new Level(fields.number(side + "[" + i + "].Price"), fields.number(side + "[" + i + "].Qty"));
            if (level.quantity() > 0) {
                levels.add(level);
            }
        }
        return List.copyOf(levels);
    }

    /** A line's fields by their names. */
    private static final class Fields {
        private final int line;
        private final Map<String, String> values = new HashMap<>();

        Fields(String text, int line) throws SseFormatException {
            this.line = line;
            int from = text.startsWith("//") ? 2 : 0;
            while (from < text.length()) {
                int to = from;
                while (to < text.length() && text.charAt(to) > ' ') {
                    to++;
                }
                if (to > from) {
                    int equals = text.indexOf('=', from);
                    if (equals < 0 || equals > to) {
                        throw new SseFormatException("line " + line + ": fields must be Name=Value");
                    }
                    values.put(text.substring(from, equals), text.substring(equals + 1, to));
                }
                from = to + 1;
            }
        }

        String text(String name) throws SseFormatException {
            String value = values.get(name);
            if (value == null) {
                throw new SseFormatException("line " + line + ": " + name + " is missing");
            }
            return value;
        }

        /** 0 to 10^15. */
        long number(String name) throws SseFormatException {
            String value = text(name);
            if (value.isEmpty() || value.length() > 15 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw wrong(name, value, "must be a number of 1 to 15 digits");
            }
            return Long.parseLong(value);
        }

        int time(String name) throws SseFormatException {
            long time = number(name);
            if (time > MIDNIGHT) {
                throw wrong(name, Long.toString(time), "must be at most " + MIDNIGHT);
            }
            return (int) time;
        }

        long upTo(String name, long most) throws SseFormatException {
            long number = number(name);
            if (number == 0 || number > most) {
                throw wrong(name, Long.toString(number), "must be 1 to " + most);
            }
            return number;
        }

        SseFormatException wrong(String name, String value, String rule) {
            String bounded = value.length() > 40 ? value.substring(0, 40) + "..." : value;
            return new SseFormatException("line " + line + ": " + name + " " + rule + ", not \"" + bounded + "\"");
        }
    }
}
