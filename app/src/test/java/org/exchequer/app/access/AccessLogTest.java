package org.exchequer.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.AccessTrail.Access;
import org.exchequer.platform.security.AccessTrail.UnavailableException;
import org.exchequer.prooflog.ProofLogException;
import org.exchequer.prooflog.verify.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log on real files. */
class AccessLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-31T10:00:00Z"), ZoneOffset.UTC);

    private static AccessLog open(Path folder) {
        return AccessLog.open(folder, "node 1", CLOCK, Ticker.system());
    }

    private static Access look(String target) {
        return new Access("mary", Set.of(Role.OPERATOR, Role.AUDITOR), "GET", target, "127.0.0.1");
    }

    @Test
    void keeps_accesses_in_order_and_over_restarts(@TempDir Path folder) {
        try (AccessLog log = open(folder)) {
            IntStream.range(0, 5).forEach(i -> log.leave(look("/accounts/" + i)));
        }
        try (AccessLog log = open(folder)) {
            log.leave(look("/accounts/5"));
            assertThat(log.newest(Long.MAX_VALUE, 2))
                    .extracting(AccessLog.Kept::position)
                    .containsExactly(5L, 4L);
            assertThat(log.newest(5, 1).getFirst().access()).hasToString("""
                            {"at":"2026-03-31T10:00:00Z","caller":"mary","roles":["auditor","operator"],\
                            "method":"GET","target":"/accounts/4","from":"127.0.0.1"}""");
            assertThat(log.newest(4, 10)).hasSize(4);
        }
        assertThat(Verifier.run(List.of(folder.toString()), new PrintWriter(new StringWriter())))
                .isZero();
    }

    @Test
    void many_at_once_each_leave_one(@TempDir Path folder) {
        try (AccessLog log = open(folder)) {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, 400).forEach(i -> callers.execute(() -> log.leave(look("/accounts/" + i))));
            }
            assertThat(log.newest(Long.MAX_VALUE, 1_000))
                    .extracting(kept -> kept.access().path("target").asString())
                    .hasSize(400)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void takes_none_once_it_is_closed_and_belongs_to_one_process(@TempDir Path folder) {
        AccessLog log = open(folder);
        assertThatThrownBy(() -> open(folder)).isInstanceOf(ProofLogException.class);
        log.close();
        assertThatThrownBy(() -> log.leave(look("/late"))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void a_target_of_any_length_fits(@TempDir Path folder) {
        try (AccessLog log = open(folder)) {
            log.leave(look("/" + "é".repeat(100_000)));
            assertThat(log.newest(Long.MAX_VALUE, 1)
                            .getFirst()
                            .access()
                            .path("target")
                            .asString())
                    .hasSize(8_192);
        }
    }
}
