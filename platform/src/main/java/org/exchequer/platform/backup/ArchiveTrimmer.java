package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps an archive small while a ledger idles; see {@link WalArchive#trim}. */
public final class ArchiveTrimmer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveTrimmer.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
    /** Further back an earlier life has looked; what it missed only takes more room. */
    private static final Duration LOOK_BACK = Duration.ofHours(1);

    private final WalArchive archive;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable FileTime seen;

    private ArchiveTrimmer(WalArchive archive, FileTime seen) {
        this.archive = archive;
        this.seen = seen;
        this.thread = Thread.ofPlatform().name("wal-archive").daemon().unstarted(this::run);
    }

    /** Looks at the folder twice a minute until closed. */
    public static ArchiveTrimmer start(Path archive, Clock clock) {
        ArchiveTrimmer trimmer = new ArchiveTrimmer(
                new WalArchive(archive), FileTime.from(clock.instant().minus(LOOK_BACK)));
        trimmer.thread.start();
        return trimmer;
    }

    @Override
    public void close() {
        stop.countDown();
    }

    private void run() {
        try {
            while (!stop.await(EVERY.toSeconds(), TimeUnit.SECONDS)) {
                try {
                    seen = archive.trim(seen);
                } catch (IOException e) {
                    LOG.warn("segments of the write-ahead log's archive were not trimmed: {}", e.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
