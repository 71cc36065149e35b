package org.exchequer.ledger.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.infra.EmbeddedPostgres;

/**
 * A whole ledger program, made to be killed: PostgreSQL, ledger, and callers that write each answered key to a log
 * which outlives the process. Arguments: data directory, log file, number of this life.
 */
public final class CrashVictim {
    public static final int ACCOUNTS = 50;
    /** Enough for batches that are written while the next is decided. */
    private static final int CALLERS = 1_024;

    private CrashVictim() {}

    public static String account(int i) {
        return "acct." + i;
    }

    /** What a caller does under a key: a transfer, or a hold, its posting in part, and a void of the rest. */
    public enum Deed {
        TRANSFER,
        HOLD_AND_POST,
        HOLD_POST_AND_VOID,
        HOLD
    }

    public static Deed deed(String key) {
        return switch (Math.floorMod(key.hashCode() * 13, 10)) {
            case 0, 1 -> Deed.HOLD_AND_POST;
            case 2 -> Deed.HOLD_POST_AND_VOID;
            case 3 -> Deed.HOLD;
            default -> Deed.TRANSFER;
        };
    }

    /** What of a hold is posted. */
    public static long posted(String key) {
        return (amount(key) + 1) / 2;
    }

    /** Amount of a transfer, derived from its key, so that the verifier knows it without the log saying so. */
    public static long amount(String key) {
        return 1L + Math.floorMod(key.hashCode(), 1_000);
    }

    public static int debit(String key) {
        return Math.floorMod(key.hashCode() * 31, ACCOUNTS);
    }

    public static int credit(String key) {
        return (debit(key) + 1 + Math.floorMod(key.hashCode() * 17, ACCOUNTS - 1)) % ACCOUNTS;
    }

    public static void main(String[] args) throws IOException {
        String life = args[2];
        EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]), Ticker.system(), System.err::println);
        TestLedger ledger = TestLedger.on(postgres.address());
        if (ledger.api().account(account(ACCOUNTS - 1)).isEmpty()) {
            for (int i = 0; i < ACCOUNTS; i++) {
                if (ledger.api().account(account(i)).isEmpty()) {
                    ledger.open(account(i), AccountType.ASSET);
                }
            }
        }
        FileChannel log = FileChannel.open(Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        for (int caller = 0; caller < CALLERS; caller++) {
            int number = caller;
            Thread.ofVirtual().start(() -> post(ledger, log, life + "-" + number));
        }
        System.out.println("serving");
    }

    private static void post(TestLedger ledger, FileChannel log, String caller) {
        SplittableRandom random = new SplittableRandom(caller.hashCode());
        for (int i = 0; ; i++) {
            String key = caller + "-" + i + "-" + random.nextInt(1_000_000);
            act(ledger, log, key);
        }
    }

    private static void act(TestLedger ledger, FileChannel log, String key) {
        String debit = account(debit(key));
        String credit = account(credit(key));
        if (deed(key) == Deed.TRANSFER) {
            acknowledged(ledger.api().execute(TestLedger.transfer(key, debit, credit, amount(key))), log, key);
            return;
        }
        Outcome held = ledger.api()
                .execute(new Command.Hold(
                        key + "/hold", debit, credit, TestLedger.eur(amount(key)), null, Details.NONE));
        acknowledged(held, log, key + "/hold");
        if (deed(key) == Deed.HOLD || !(held instanceof Outcome.Held hold)) {
            return;
        }
        long id = hold.pending().id();
        boolean keepRest = deed(key) == Deed.HOLD_POST_AND_VOID;
        Outcome posted = ledger.api()
                .execute(new Command.PostPending(
                        key + "/post", id, TestLedger.eur(posted(key)), keepRest, Details.NONE));
        acknowledged(posted, log, key + "/post");
        if (keepRest && posted instanceof Outcome.Posted) {
            acknowledged(
                    ledger.api().execute(new Command.VoidPending(key + "/void", id, Details.NONE)), log, key + "/void");
        }
    }

    private static void acknowledged(Outcome outcome, FileChannel log, String key) {
        switch (outcome) {
            case Outcome.Refused refused -> {}
            case Outcome.Unknown unknown -> {}
            // A void of what was posted whole: half of one cent is one cent.
            case Outcome.Rejected rejected -> {}
            default -> {
                try {
                    // One write call in append mode: a kill leaves a whole line or none.
                    log.write(ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
    }
}
