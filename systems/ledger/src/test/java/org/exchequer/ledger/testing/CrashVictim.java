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
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.infra.EmbeddedPostgres;

/**
 * A whole ledger program, made to be killed: PostgreSQL, ledger, and callers that write each answered key to a log
 * which outlives the process. Arguments: data directory, log file, number of this life.
 */
public final class CrashVictim {
    public static final int ACCOUNTS = 50;
    private static final int CALLERS = 64;

    private CrashVictim() {}

    public static String account(int i) {
        return "acct." + i;
    }

    /** Amount of a transfer, derived from its key, so that the verifier knows it without the log saying so. */
    public static long amount(String key) {
        return 1 + Math.floorMod(key.hashCode(), 1_000);
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
            Outcome outcome = ledger.api()
                    .execute(TestLedger.transfer(key, account(debit(key)), account(credit(key)), amount(key)));
            if (outcome instanceof Outcome.Posted) {
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
