package org.exchequer.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.platform.security.AccessTrail.Access;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves a trace, and what does not happen without one. */
class AccessTrailTest {
    private final List<Access> left = new CopyOnWriteArrayList<>();

    @Test
    void a_recorded_route_leaves_who_asked_for_what(@TempDir Path folder) throws Exception {
        try (RunningHost host = RunningHost.start(folder, left::add)) {
            host.send(host.as(Role.TELLER, "/parrot/count/7?why=so"));
            assertThat(left)
                    .containsExactly(
                            new Access("tester", Set.of(Role.TELLER), "GET", "/parrot/count/7?why=so", "127.0.0.1"));
            host.send(host.as(Role.OPERATOR, "/parrot/count/7"));
            host.send(host.request("/parrot/count/7"));
            host.send(host.as(Role.TELLER, "/parrot/header"));
            host.send(host.request("/health"));
            assertThat(left).as("refused, nobody, not on record, open").hasSize(1);
            host.send(host.as(Role.ADMIN, "/parrot/unnamed"));
            assertThat(left)
                    .as("what no route names is an administrator's alone")
                    .hasSize(2);
        }
    }

    @Test
    void without_a_trace_nothing_happens(@TempDir Path folder) throws Exception {
        AccessTrail full = access -> {
            throw new AccessTrail.UnavailableException(new IOException("no space left on device"));
        };
        try (RunningHost host = RunningHost.start(folder, full)) {
            HttpResponse<String> refused = host.send(host.as(Role.TELLER, "/parrot/count/7"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("NOT_READY").doesNotContain("no space");
            assertThat(refused.headers().firstValue("Retry-After")).contains("5");
            assertThat(host.send(host.post(Role.TELLER, "/parrot/say", "{\"times\":1}"))
                            .statusCode())
                    .as("what leaves no trace goes on")
                    .isEqualTo(200);
        }
    }

    @Test
    void each_kind_of_act_of_a_call_leaves_one() {
        Access call = new Access("mary", Set.of(Role.OPERATOR), "POST", "/batches", "::1");
        AccessTrail.Acts acts = new AccessTrail.Acts(left::add, call);
        acts.about("OPEN_ACCOUNT");
        acts.about("OPEN_ACCOUNT");
        acts.about("REVERSE");
        assertThat(left).extracting(Access::target).containsExactly("/batches OPEN_ACCOUNT", "/batches REVERSE");
    }
}
