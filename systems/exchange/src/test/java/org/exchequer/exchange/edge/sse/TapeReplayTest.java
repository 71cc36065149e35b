package org.exchequer.exchange.edge.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.exchequer.exchange.edge.sse.TapeReplay.AuctionResult;
import org.exchequer.exchange.edge.sse.TapeReplay.Compared;
import org.exchequer.exchange.edge.sse.TapeReplay.Result;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TapeReplayTest {
    /**
     * A short day: three orders in the opening auction, of which one is left in part; an order that sells to it and
     * waits with the rest; one that is executed as a whole; one deleted.
     */
    private static final String DAY = """
            // MsgType=111 DataTimeStamp=91500 NumTrades=0 TotalVolumeTrade=0 PrevClosePx=9990
            // MsgType=192 OrderNo=1 Price=10000 OrderQty=500 OrdType=65 Side=66 TransactTime=9150000 BizIndex=1
            // MsgType=192 OrderNo=2 Price=9980 OrderQty=300 OrdType=65 Side=83 TransactTime=9160000 BizIndex=2
            // MsgType=111 DataTimeStamp=91601 NumTrades=0 TotalVolumeTrade=0 PrevClosePx=9990 bid0=10000,300 \
            bid1=0,200 ask0=10000,300
            // MsgType=192 OrderNo=3 Price=10050 OrderQty=700 OrdType=65 Side=83 TransactTime=9170000 BizIndex=3
            // MsgType=191 BidApplSeqNum=1 OfferApplSeqNum=2 LastPx=10000 LastQty=300 ExecType=78 \
            TransactTime=9250000 BizIndex=4
            // MsgType=111 DataTimeStamp=92500 NumTrades=1 TotalVolumeTrade=300 PrevClosePx=9990 bid0=10000,200 \
            ask0=10050,700
            // MsgType=192 OrderNo=4 Price=10000 OrderQty=50 OrdType=65 Side=83 TransactTime=9300100 BizIndex=6
            // MsgType=191 BidApplSeqNum=1 OfferApplSeqNum=4 LastPx=10000 LastQty=200 ExecType=83 \
            TransactTime=9300100 BizIndex=5
            // MsgType=191 BidApplSeqNum=5 OfferApplSeqNum=4 LastPx=10000 LastQty=50 ExecType=66 \
            TransactTime=9300200 BizIndex=7
            // MsgType=191 BidApplSeqNum=5 OfferApplSeqNum=3 LastPx=10050 LastQty=100 ExecType=66 \
            TransactTime=9300200 BizIndex=8
            // MsgType=111 DataTimeStamp=93003 NumTrades=4 TotalVolumeTrade=650 PrevClosePx=9990 ask0=10050,600
            // MsgType=192 OrderNo=3 Price=10050 OrderQty=600 OrdType=68 Side=83 TransactTime=9300300 BizIndex=9
            // MsgType=111 DataTimeStamp=93005 NumTrades=4 TotalVolumeTrade=650 PrevClosePx=9990
            """;

    private static SseTape tape(String text) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String line : text.lines().toList()) {
            lines.append(line.contains("MsgType=111") ? picture(line) : line).append('\n');
        }
        return SseTape.read(new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    /** With all ten levels in the feed's own words. */
    private static String picture(String line) {
        StringBuilder all = new StringBuilder(line.replaceAll(" (bid|ask)\\d=\\S+", ""));
        for (String side : List.of("bid", "ask")) {
            for (int i = 0; i < 10; i++) {
                int at = line.indexOf(side + i + "=");
                String[] level = at < 0
                        ? new String[] {"0", "0"}
                        : line.substring(at + 5).split("[ ,]", 3);
                String name = (side.equals("bid") ? " BidLevel[" : " AskLevel[") + i + "].";
                all.append(name).append("Price=").append(level[0]);
                all.append(name).append("Qty=").append(level[1]);
            }
        }
        return all.toString();
    }

    @Test
    void aDayComesOutAsItWas() throws Exception {
        Result result = TapeReplay.replay(tape(DAY));
        assertThat(result)
                .isEqualTo(new Result(
                        5,
                        1,
                        new Compared(4, 4),
                        List.of(new AuctionResult(10_000, 300, 10_000, 300)),
                        new Compared(1, 1),
                        new Compared(4, 4),
                        List.of()));
        assertThat(result.agrees()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a price | LastPx=10050 | LastPx=10060",
                "a quantity | LastQty=100 | LastQty=110",
                "who bought | BidApplSeqNum=1 OfferApplSeqNum=4 | BidApplSeqNum=9 OfferApplSeqNum=4",
                "who sold | OfferApplSeqNum=3 LastPx | OfferApplSeqNum=8 LastPx",
                "the auction's price | LastPx=10000 LastQty=300 | LastPx=9990 LastQty=300",
                "the auction's volume | LastPx=10000 LastQty=300 | LastPx=10000 LastQty=290",
                "which order is deleted | OrderNo=3 Price=10050 OrderQty=600 | OrderNo=7 Price=10050 OrderQty=600",
                "a level's price | ask0=10050,600 | ask0=10060,600",
                "a level's quantity | bid0=10000,200 ask0=10050,700 | bid0=10000,200 ask0=10050,800",
                "a level too many | ask0=10050,600 | ask0=10050,600 ask1=10060,1",
                "the side of what is left | OrderNo=4 Price=10000 OrderQty=50 OrdType=65 Side=83 "
                        + "| OrderNo=4 Price=10000 OrderQty=50 OrdType=65 Side=66",
                "how much is left | OrderNo=4 Price=10000 OrderQty=50 | OrderNo=4 Price=10000 OrderQty=60",
                "how much is deleted | OrderQty=600 OrdType=68 | OrderQty=500 OrdType=68",
                "who is deleted | OrdType=68 Side=83 | OrdType=68 Side=66",
                "when a snapshot was taken | DataTimeStamp=93003 | DataTimeStamp=93103",
                "an auction that is missing | ExecType=78 | ExecType=83",
                "an order that comes again | OrderNo=3 Price=10050 OrderQty=700 | OrderNo=1 Price=10050 OrderQty=700",
                "a volume | TotalVolumeTrade=650 PrevClosePx=9990 ask | TotalVolumeTrade=651 PrevClosePx=9990 ask",
                "what would be left | bid1=0,200 | bid1=0,100",
                "an order that should have been executed | OrdType=65 Side=83 TransactTime=9170000 "
                        + "| OrdType=65 Side=83 TransactTime=9300000"
            })
    void whatIsDifferentIsFound(String what, String from, String to) throws Exception {
        String changed = what.startsWith("an order")
                ? DAY.replace(from, to).replace("Price=10050 OrderQty=700", "Price=10000 OrderQty=700")
                : DAY.replace(from, to);
        assertThat(changed).isNotEqualTo(DAY);
        Result result = TapeReplay.replay(tape(changed));
        assertThat(result.agrees()).isFalse();
        assertThat(result.differences()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MsgType=5 | line 1: MsgType must be 111, 191 or 192, not \"5\"",
                "hello | line 1: fields must be Name=Value",
                "OrderNo=5 | line 1: MsgType is missing",
                "MsgType=192 BizIndex=1 TransactTime=1 | line 1: OrderNo is missing",
                "MsgType=192 BizIndex=-1 | line 1: BizIndex must be a number of 1 to 15 digits, not \"-1\"",
                "MsgType=192 BizIndex=1234567890123456 "
                        + "| line 1: BizIndex must be a number of 1 to 15 digits, not \"1234567890123456\"",
                "MsgType=192 BizIndex=1 TransactTime=1 OrderNo=1 OrdType=66 "
                        + "| line 1: OrdType must be 65 (add) or 68 (delete), not \"66\"",
                "MsgType=192 BizIndex=1 TransactTime=99999999999 | line 1: TransactTime must be at most 24000000",
                "MsgType=192 BizIndex=1 TransactTime=1 OrderNo=1 OrdType=65 Side=1 "
                        + "| line 1: Side must be 66 (buy) or 83 (sell), not \"1\"",
                "MsgType=192 BizIndex=1 TransactTime=1 OrderNo=1 OrdType=65 Side=66 Price=0 "
                        + "| line 1: Price must be 1 to 1000000000000, not \"0\"",
                "MsgType=191 ExecType=70 | line 1: ExecType must be 66, 83 or 78, not \"70\""
            })
    void whatIsNoTapeIsRefused(String line, String why) {
        assertThatThrownBy(() -> tape(line))
                .isInstanceOf(SseFormatException.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void whatComparesNothingDoesNotAgree() throws Exception {
        assertThat(TapeReplay.replay(tape(DAY.lines().skip(1).findFirst().orElseThrow()))
                        .agrees())
                .as("an order and no trade")
                .isFalse();
        String crossed = DAY.lines().limit(3).collect(Collectors.joining("\n"));
        assertThat(TapeReplay.replay(tape(crossed)).differences())
                .containsExactly("at 2: an auction of 300 at 10000 here, none on the tape");
    }

    @Test
    void aPlaceIsTakenOnce() {
        assertThatThrownBy(() -> tape(DAY.replace("BizIndex=9", "BizIndex=8")))
                .isInstanceOf(SseFormatException.class)
                .hasMessage("BizIndex 8 is there twice");
    }

    @Test
    void aLineIsBounded() {
        assertThatThrownBy(() -> tape("MsgType=" + "1".repeat(10_000)))
                .isInstanceOf(SseFormatException.class)
                .hasMessage("line 1: has more than 8192 characters");
    }

    /** A real one; skipped where the folder of {@code EXCHEQUER_CONFORMANCE_DATA} is missing. */
    @Test
    void aRealDayComesOutAsItWas() throws Exception {
        Path file = Path.of(Optional.ofNullable(System.getenv("EXCHEQUER_CONFORMANCE_DATA"))
                        .orElse("../../../shared/data"))
                .resolve("exchange/600519.zip");
        Assumptions.assumeTrue(Files.isRegularFile(file), "no tape of a real day");
        Result result = TapeReplay.replay(SseTape.read(file));
        assertThat(result.differences()).isEmpty();
        assertThat(result.orders()).isEqualTo(44_278);
        assertThat(result.deletes()).isEqualTo(14_152);
        assertThat(result.trades()).isEqualTo(new Compared(18_685, 18_685));
        assertThat(result.auctions())
                .containsExactly(
                        new AuctionResult(1_808_080, 42_718_000, 1_808_080, 42_718_000),
                        new AuctionResult(1_797_000, 40_203_000, 1_797_000, 40_203_000));
        assertThat(result.calls()).isEqualTo(new Compared(186, 186));
        assertThat(result.snapshots()).isEqualTo(new Compared(4_960, 4_960));
        assertThat(result.agrees()).isTrue();
    }
}
