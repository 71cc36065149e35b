package org.exchequer.platform.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables that the platform's services need in a system's schema. A migration of the system takes one in by its name
 * on a
 * line of its own, e.g. <code>${outbox_v1}</code>. A snippet never changes once released: a change to its tables is a
 * new snippet, e.g. <code>${outbox_v2}</code>, for a later migration.
 */
final class Snippets {
    private static final List<String> NAMES = List.of("outbox_v1", "inbox_v1", "idempotency_v1");

    private Snippets() {}

    /** The placeholders of a system's migrations: those given, and the snippets with those filled in. */
    static Map<String, String> with(Map<String, String> placeholders) {
        Map<String, String> all = new HashMap<>(placeholders);
        for (String name : NAMES) {
            String sql = read("/db/snippet/" + name + ".sql");
            for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
                sql = sql.replace("${" + placeholder.getKey() + "}", placeholder.getValue());
            }
            all.put(name, sql);
        }
        return all;
    }

    private static String read(String resource) {
        try (InputStream in = Snippets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
