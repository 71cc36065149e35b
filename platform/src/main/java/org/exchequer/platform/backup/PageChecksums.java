package org.exchequer.platform.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Pattern;

/**
 * PostgreSQL's checksums of data pages (its {@code src/include/storage/checksum_impl.h}): 32 interleaved FNV-1a sums
 * with an added shift, folded to 16 bits, mixed with the page's number so that a page in another's place shows too.
 */
final class PageChecksums {
    static final int PAGE_BYTES = 8192;

    private static final int SUMS = 32;
    private static final int ROWS = PAGE_BYTES / (SUMS * Integer.BYTES);
    private static final int FNV_PRIME = 16_777_619;
    private static final int PAGES_PER_FILE = (1 << 30) / PAGE_BYTES;
    private static final int CHECKSUM_AT = 8;
    private static final int UPPER_AT = 14;
    private static final int[] BASE = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    /** Files of tables and indexes: {@code base/<database>/<relation>[_fork][.segment]} and {@code global/...}. */
    private static final Pattern RELATION =
            Pattern.compile("(?:base/\\d+|global)/\\d+(?:_(?:fsm|vm|init))?(?:\\.(\\d{1,6}))?");

    private PageChecksums() {}

    /** Whether the file of this path in the cluster, with {@code /} between its parts, consists of such pages. */
    static boolean covers(String path) {
        return RELATION.matcher(path).matches();
    }

    /** Number of the first page in the file within its relation. */
    static int firstPage(String path) {
        int dot = path.lastIndexOf('.');
        return dot < 0 ? 0 : Integer.parseInt(path.substring(dot + 1)) * PAGES_PER_FILE;
    }

    /** Whether the page at this offset is what was written; one that was never used holds zeros and no checksum. */
    static boolean holds(byte[] bytes, int offset, int number) {
        ByteBuffer page = ByteBuffer.wrap(bytes, offset, PAGE_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        if (page.getShort(UPPER_AT) == 0) {
            return true;
        }
        int[] sums = BASE.clone();
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < SUMS; i++) {
                int at = (row * SUMS + i) * Integer.BYTES;
                int word = page.getInt(at);
                // The checksum's own two bytes count as zero.
                sums[i] = mix(sums[i], at == CHECKSUM_AT ? word & 0xFFFF0000 : word);
            }
        }
        int folded = 0;
        for (int sum : sums) {
            folded ^= mix(mix(sum, 0), 0);
        }
        int expected = Integer.remainderUnsigned(folded ^ number, 65_535) + 1;
        return expected == Short.toUnsignedInt(page.getShort(CHECKSUM_AT));
    }

    /** Position in the write-ahead log of the last change to the page. */
    static long lsn(byte[] bytes, int offset) {
        ByteBuffer page = ByteBuffer.wrap(bytes, offset, 8).slice().order(ByteOrder.LITTLE_ENDIAN);
        return Integer.toUnsignedLong(page.getInt(0)) << 32 | Integer.toUnsignedLong(page.getInt(4));
    }

    private static int mix(int sum, int word) {
        int mixed = sum ^ word;
        return mixed * FNV_PRIME ^ mixed >>> 17;
    }
}
