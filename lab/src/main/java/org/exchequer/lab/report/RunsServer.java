package org.exchequer.lab.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.lab.scenario.Headline;
import org.exchequer.lab.scenario.RunFolder;
import org.exchequer.lab.scenario.RunFolder.Kept;
import org.exchequer.lab.scenario.RunReport;

/** A list of all runs and their reports, on loopback only: nobody else can ask for them. */
public final class RunsServer implements AutoCloseable {
    private static final Pattern REPORT = Pattern.compile("/runs/([A-Za-z0-9-]{1,100})/report\\.html");
    private static final int BACKLOG = 20;

    private final HttpServer server;
    private final ExecutorService threads;

    private RunsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts it.
     *
     * @param runs folder of runs; need not exist yet
     * @param port 0 for any free one
     * @throws IOException when the port is taken
     */
    public static RunsServer start(Path runs, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(runs, exchange);
            }
        });
        server.start();
        return new RunsServer(server, threads);
    }

    /** Where it is. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static void answer(Path runs, HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Matcher report = REPORT.matcher(path);
        // A page on another site must not read this one through a name that points here.
        String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
        if (!host.matches("(127\\.0\\.0\\.1|localhost)(:\\d+)?")) {
            send(exchange, 403, "text/plain; charset=utf-8", "Ask for 127.0.0.1.".getBytes(StandardCharsets.UTF_8));
        } else if (!exchange.getRequestMethod().equals("GET")) {
            send(exchange, 405, "text/plain; charset=utf-8", "Only GET.".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/")) {
            send(exchange, 200, "text/html; charset=utf-8", index(runs).getBytes(StandardCharsets.UTF_8));
        } else if (report.matches()
                && Files.exists(runs.resolve(report.group(1)).resolve("report.html"))) {
            byte[] page = Files.readAllBytes(runs.resolve(report.group(1)).resolve("report.html"));
            send(exchange, 200, "text/html; charset=utf-8", page);
        } else {
            send(exchange, 404, "text/plain; charset=utf-8", "There is no such run.".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String index(Path runs) throws IOException {
        List<Kept> all = RunFolder.all(runs);
        StringBuilder rows = new StringBuilder("<tr><th>Run</th><th>Verdict</th><th>Scenario</th>"
                + "<th class=\"num\">Operations</th><th class=\"num\">Done</th><th class=\"num\">Faults</th>"
                + "<th class=\"num\">p99</th></tr>");
        for (Kept kept : all) {
            rows.append(kept.report().map(run -> row(kept, run)).orElseGet(() ->
                    """
                    <tr><td>%s</td><td data-label="Verdict" class="UNKNOWN"><span class="tone">no result</span></td>
                    <td colspan="5">%s</td></tr>
                    """.formatted(name(kept, kept.name()), Html.text(kept.why()))));
        }
        String none = all.isEmpty()
                ? "<div class=\"body\">There is none in " + Html.text(runs.toString())
                        + ". Make one with <code>./exchequer lab run postgres-kill</code>.</div>"
                : Report.table(rows);
        String body = "<div class=\"head\"><h1>Runs</h1><span class=\"quiet\">" + all.size()
                + "</span></div><p class=\"summary\">The newest first.</p><section class=\"card\">" + none
                + "</section>";
        return Html.page("Lab: runs", body, "");
    }

    private static String row(Kept kept, RunReport run) {
        return """
                <tr><td>%1$s<div class="note">seed %2$d</div></td>
                <td data-label="Verdict" class="%3$s"><span class="tone">%3$s</span></td>
                <td data-label="Scenario">%4$s<div class="note">%5$s</div></td>
                <td data-label="Operations" class="num">%6$s</td><td data-label="Done" class="num">%7$s</td>
                <td data-label="Faults" class="num">%8$d</td><td data-label="p99" class="num">%9$s</td></tr>
                """.formatted(
                        name(kept, run.startedAt()),
                        run.seed(),
                        run.verdict(),
                        Html.text(run.scenario()),
                        Html.text(run.sentence()),
                        Html.number(run.totals().operations()),
                        run.headline()
                                .map(one -> Headline.percent(
                                        one.donePermille(), run.totals().done()))
                                .orElse(""),
                        run.faults().size(),
                        Html.micros(run.totals().p99Micros()));
    }

    private static String name(Kept kept, String text) {
        return kept.page()
                ? "<a href=\"/runs/" + kept.name() + "/report.html\">" + Html.text(text) + "</a>"
                : Html.text(text);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
