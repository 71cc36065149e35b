package org.exchequer.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.AccessEntries;
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
        return AccessLog.open(folder, new LocalActs(folder), "node 1", CLOCK, Ticker.system());
    }

    private static Access look(String target) {
        return new Access("mary", Set.of(Role.OPERATOR, Role.AUDITOR), "GET", target, "127.0.0.1");
    }

    private static AccessEntries.Query all(long before, int limit) {
        return new AccessEntries.Query("", "", null, null, before, limit);
    }

    private static List<Long> positions(AccessLog log, String caller, String act, String from, String until) {
        return log
                .search(new AccessEntries.Query(
                        caller,
                        act,
                        from.isEmpty() ? null : Instant.parse(from),
                        until.isEmpty() ? null : Instant.parse(until),
                        Long.MAX_VALUE,
                        100))
                .entries()
                .stream()
                .map(AccessEntries.Entry::position)
                .toList();
    }

    @Test
    void is_searched_by_caller_act_and_time(@TempDir Path folder) {
        try (AccessLog log = open(folder)) {
            log.leave(look("/accounts/1"));
            log.leave(new Access("john", Set.of(Role.AUDITOR), "POST", "/adjustments/7/approval", "127.0.0.1"));
        }
        try (AccessLog log = AccessLog.open(
                folder, new LocalActs(folder), "node 1", Clock.offset(CLOCK, Duration.ofDays(1)), Ticker.system())) {
            log.leave(look("/accounts/10"));
            assertThat(positions(log, "mary", "", "", "")).containsExactly(2L, 0L);
            assertThat(positions(log, "Mary", "", "", "")).isEmpty();
            assertThat(positions(log, "", "POST /adj", "", "")).containsExactly(1L);
            assertThat(positions(log, "", "accounts/1", "", "")).containsExactly(2L, 0L);
            assertThat(positions(log, "", "", "2026-04-01T10:00:00Z", "")).containsExactly(2L);
            assertThat(positions(log, "", "", "", "2026-04-01T10:00:00Z")).containsExactly(1L, 0L);
        }
    }

    @Test
    void goes_on_where_a_long_search_stopped_and_proves_what_is_signed(@TempDir Path folder) {
        try (AccessLog log = open(folder)) {
            IntStream.range(0, 600).forEach(i -> log.leave(look("/accounts/" + i)));
            List<Long> found = new ArrayList<>();
            Long before = Long.MAX_VALUE;
            while (before != null) {
                AccessEntries.Found page = log.search(new AccessEntries.Query("", "5", null, null, before, 7));
                page.entries().forEach(entry -> found.add(entry.position()));
                before = page.next();
            }
            assertThat(found)
                    .containsExactlyElementsOf(IntStream.iterate(599, i -> i >= 0, i -> i - 1)
                            .filter(i -> Integer.toString(i).contains("5"))
                            .mapToObj(i -> (long) i)
                            .toList());
            assertThat(log.prove(1_000)).isEmpty();
        }
        try (AccessLog log = open(folder)) {
            assertThat(log.prove(599))
                    .hasValueSatisfying(bundle -> assertThat(bundle).contains("index 599\n"));
        }
    }

    @Test
    void keeps_accesses_in_order_and_over_restarts(@TempDir Path folder) {
        try (AccessLog log = open(folder)) {
            IntStream.range(0, 5).forEach(i -> log.leave(look("/accounts/" + i)));
        }
        try (AccessLog log = open(folder)) {
            log.leave(look("/accounts/5"));
            AccessEntries.Found newest = log.search(all(Long.MAX_VALUE, 2));
            assertThat(newest.entries())
                    .extracting(AccessEntries.Entry::position)
                    .containsExactly(5L, 4L);
            assertThat(newest.next()).isEqualTo(4);
            assertThat(log.search(all(5, 1)).entries())
                    .containsExactly(new AccessEntries.Entry(
                            4,
                            CLOCK.instant(),
                            "mary",
                            List.of("auditor", "operator"),
                            "GET",
                            "/accounts/4",
                            "127.0.0.1"));
            AccessEntries.Found rest = log.search(all(4, 10));
            assertThat(rest.entries()).hasSize(4);
            assertThat(rest.next()).isNull();
        }
        assertThat(Verifier.run(
                        List.of(folder.resolve("prooflog/access").toString()), new PrintWriter(new StringWriter())))
                .isZero();
    }

    @Test
    void takes_in_what_commands_left(@TempDir Path folder, @TempDir Path data) throws Exception {
        LocalActs acts = new LocalActs(data);
        acts.leave("john", Set.of(Role.ADMIN), "token for mary as teller", CLOCK);
        Path stray = data.resolve(LocalActs.FOLDER).resolve("000000000000001-" + new UUID(0, 0) + ".json");
        Files.writeString(stray, "{");
        try (AccessLog log = AccessLog.open(folder, acts, "node 1", Clock.systemUTC(), Ticker.system())) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> acts.waiting().isEmpty());
            acts.leave("john", Set.of(Role.ADMIN), "x".repeat(100_000), CLOCK);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> acts.waiting().isEmpty());
            assertThat(log.search(all(Long.MAX_VALUE, 10)).entries()).hasSize(2);
            assertThat(log.search(all(1, 1)).entries())
                    .containsExactly(new AccessEntries.Entry(
                            0,
                            CLOCK.instant(),
                            "john",
                            List.of("admin"),
                            "COMMAND",
                            "token for mary as teller",
                            "local"));
        }
        assertThat(stray).doesNotExist();
        assertThat(stray.resolveSibling(stray.getFileName() + ".refused")).exists();
    }

    @Test
    void many_at_once_each_leave_one(@TempDir Path folder) {
        try (AccessLog log = open(folder)) {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, 400).forEach(i -> callers.execute(() -> log.leave(look("/accounts/" + i))));
            }
            assertThat(log.search(all(Long.MAX_VALUE, 1_000)).entries())
                    .extracting(AccessEntries.Entry::target)
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
            assertThat(log.search(all(Long.MAX_VALUE, 1)).entries().getFirst().target())
                    .hasSize(8_192);
        }
    }
}
