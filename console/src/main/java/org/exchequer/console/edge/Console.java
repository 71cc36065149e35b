package org.exchequer.console.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.exchequer.console.view.InvariantBoard;
import org.exchequer.inward.api.Controlled;
import org.exchequer.inward.api.Fraud;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.module.Route;
import org.exchequer.reconciliation.api.Statements;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.ViewResolver;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/**
 * The console as the host sees it: a list of controllers, a view resolver, and a table of who may call what. The table
 * of systems' pages is in the constructor.
 *
 * <p>The host gives every page of {@link #routes()} a session with login, CSRF protection and the headers of {@link
 * #CONTENT_SECURITY_POLICY}, and leaves {@link #OPEN} to everybody. It sends refused requests on to {@link #DENIED} by
 * a forward, so that they look like the rest.
 */
public final class Console {
    /** Nothing from elsewhere, no inline script or style; Tabler draws its arrows and ticks from {@code data:} URLs. */
    public static final String CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none';"
            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Where a person without a session is sent. */
    public static final String LOGIN = "/console/login";

    /** Forward target for a request that security refused, whatever its method; answers with status 403. */
    public static final String DENIED = "/console/denied";

    /** Request attribute to set before that forward when a missing or stale CSRF token was the reason. */
    public static final String CSRF_FAILED = "exchequer.csrf.failed";

    /** Path patterns that need no login. */
    public static final List<String> OPEN = List.of(LOGIN, DENIED, Assets.PREFIX + "**");

    private final LiveFeed feed;
    private final List<Object> controllers = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();

    public Console(ConsoleContext context) {
        Ledger ledger = context.ledger();
        feed = new LiveFeed(context.ticker());
        LiveStreams streams = new LiveStreams(feed, templates());
        List<ConsolePages> systems = new ArrayList<>();
        if (ledger != null) {
            systems.add(new LedgerPages(ledger, context.proofs(), context.shards(), context.clock()));
            if (context.packs() != null) {
                systems.add(new RegtechPages(context.packs(), ledger));
            }
            if (context.reconciliations() != null && context.statements() != null) {
                systems.add(new ReconciliationPages(
                        context.reconciliations(), context.statements(), ledger, context.clock()));
            }
        }
        Optional<Controlled> controlled = context.systems().stream()
                .filter(Controlled.class::isInstance)
                .map(Controlled.class::cast)
                .findFirst();
        if (context.inward() != null) {
            systems.add(
                    new InwardPages(context.inward(), controlled.map(Controlled::controls), streams, context.clock()));
        }
        context.systems().stream()
                .filter(Fraud.Source.class::isInstance)
                .map(Fraud.Source.class::cast)
                .findFirst()
                .ifPresent(source -> systems.add(new FraudPages(source)));
        if (context.shards() != null) {
            systems.add(new ShardsPages(context.shards()));
        }
        controlled.ifPresent(
                inward -> systems.add(new ControlPages(inward.configurations(), inward.controls(), streams)));
        if (context.labRuns() != null) {
            systems.add(new LabPages(context.labRuns()));
        }
        if (context.subjects() != null) {
            systems.add(new SubjectPages(context.subjects()));
        }
        if (context.accesses() != null) {
            systems.add(new AccessPages(context.accesses()));
        }
        List<NavEntry> navigation = new ArrayList<>();
        navigation.add(new NavEntry("", "Overview", "/console", "home", "o", Set.of()));
        navigation.add(new NavEntry("", "Money trace", "/console/trace", "search", "t", Set.of()));
        systems.forEach(pages -> navigation.addAll(pages.navigation()));

        Assets assets = new Assets();
        Shells shells = new Shells(navigation, assets);
        controllers.addAll(List.of(assets, shells, new FormCheck(), new ConsoleErrors(shells)));
        controllers.add(new OverviewController(
                context, new InvariantBoard(context.systems(), context.clock(), context.ticker())));
        controllers.add(new TraceController(ledger));
        routes.add(Access.get("/console", Access.READ));
        routes.add(Access.get("/console/", Access.READ));
        routes.add(Access.get("/console/live", Access.READ));
        routes.add(Access.get("/console/invariants", Access.READ));
        routes.add(Access.post("/console/invariants", Access.READ));
        routes.add(Access.get("/console/trace", Access.READ));
        for (ConsolePages pages : systems) {
            controllers.addAll(pages.controllers());
            routes.addAll(pages.routes());
        }
        // The same for everybody, and no part of the books: no trace is left of them.
        routes.add(new Route("GET", Assets.PREFIX + "**", Access.READ));
        // Whatever else is under /console gets a page that says it does not exist.
        routes.add(Access.get("/console/**", Access.READ));
        controllers.add(new ShellController(routes));
    }

    /** Paths whose bodies may be longer than the host's limit, with theirs in bytes. */
    public static Map<String, Long> bodyLimits() {
        return Map.of(StatementUploadController.PATH, Statements.MOST_BYTES);
    }

    /** Spring MVC controllers and advices. */
    public List<Object> controllers() {
        return List.copyOf(controllers);
    }

    /** Who may call what, in order of precedence; whatever is not named is denied. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /** Resolves the console's own views and no others. Has to be a bean: it wants to know its context. */
    public static ViewResolver viewResolver() {
        ThymeleafViewResolver resolver = new ThymeleafViewResolver();
        resolver.setTemplateEngine(templates());
        resolver.setCharacterEncoding("UTF-8");
        resolver.setViewNames(new String[] {"console/*"});
        resolver.setProducePartialOutputWhileProcessing(false);
        resolver.setOrder(0);
        return resolver;
    }

    private static SpringTemplateEngine templates() {
        ClassLoaderTemplateResolver templates = new ClassLoaderTemplateResolver(Console.class.getClassLoader());
        templates.setPrefix("templates/");
        templates.setSuffix(".html");
        templates.setTemplateMode(TemplateMode.HTML);
        templates.setCharacterEncoding("UTF-8");
        SpringTemplateEngine engine = new SpringTemplateEngine();
        engine.setTemplateResolver(templates);
        engine.setEnableSpringELCompiler(true);
        return engine;
    }

    /** Registers controllers and view resolver as beans of a context that is not refreshed yet. */
    public void register(GenericApplicationContext context) {
        // Before the host waits for requests in flight, which streams are.
        context.addApplicationListener((ContextClosedEvent closing) -> feed.close());
        context.registerBean("consoleViewResolver", ViewResolver.class, Console::viewResolver);
        for (Object controller : controllers) {
            context.getBeanFactory()
                    .registerSingleton("console." + controller.getClass().getSimpleName(), controller);
        }
    }
}
