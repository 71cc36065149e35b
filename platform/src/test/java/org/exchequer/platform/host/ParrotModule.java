package org.exchequer.platform.host;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The smallest real system: it says things back. */
final class ParrotModule implements SystemModule {
    record Phrase(String text, int times, List<Word> words) {}

    record Word(String word) {}

    @RestController
    static final class Controller {
        private final CountDownLatch never = new CountDownLatch(1);

        @PostMapping("/parrot/say")
        Phrase say(@RequestBody Phrase phrase) {
            return phrase;
        }

        @GetMapping("/parrot/count/{number}")
        Map<String, Object> count(@PathVariable int number, @RequestParam int times) {
            return Map.of(
                    "number",
                    number,
                    "times",
                    times,
                    "virtual",
                    Thread.currentThread().isVirtual());
        }

        @GetMapping("/parrot/header")
        String header(@RequestHeader("Idempotency-Key") String key) {
            return key;
        }

        @GetMapping("/parrot/break")
        String fail() {
            throw new IllegalStateException("password=hunter2 in a bug's message");
        }

        @GetMapping("/parrot/wait")
        String await() throws InterruptedException {
            never.await();
            return "never";
        }

        @GetMapping("/parrot/unnamed")
        String unnamed() {
            return "no route names this";
        }

        @PostMapping("/parrot/door")
        ResponseEntity<String> door(@RequestHeader("Parrot-Word") String word) {
            return ResponseEntity.status(word.equals("cracker") ? 200 : 401).build();
        }

        @PostMapping("/console/say")
        String consoleSay() {
            return "said";
        }

        @GetMapping("/console")
        String console() {
            return "in";
        }
    }

    @Override
    public String name() {
        return "parrot";
    }

    @Override
    public void start() {}

    @Override
    public Readiness readiness() {
        return new Readiness(true, "talks");
    }

    @Override
    public List<InvariantResult> checkInvariants() {
        return List.of();
    }

    @Override
    public List<Object> controllers() {
        return List.of(new Controller());
    }

    @Override
    public List<Route> routes() {
        Set<Role> readers = EnumSet.of(Role.TELLER, Role.AUDITOR);
        return List.of(
                new Route("POST", "/parrot/say", Set.of(Role.TELLER)),
                new Route("GET", "/parrot/count/{number}", readers).onRecord(),
                new Route("GET", "/parrot/header", readers),
                new Route("GET", "/parrot/break", readers),
                new Route("GET", "/parrot/wait", readers),
                Route.open("POST", "/parrot/door"),
                new Route("GET", "/console", readers),
                new Route("POST", "/console/say", Set.of(Role.TELLER)));
    }

    @Override
    public void close() {}
}
