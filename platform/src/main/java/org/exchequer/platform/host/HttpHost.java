package org.exchequer.platform.host;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.exchequer.platform.security.RouteTable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Serves controllers over HTTP, behind security and limits. */
public final class HttpHost implements AutoCloseable {
    private static final int MAX_HEADER_KB = 16;

    /** The port is taken, or the address is not ours. The message is one line for people. */
    public static final class CannotListenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CannotListenException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final ServletWebServerApplicationContext context;
    private final String url;

    private HttpHost(ServletWebServerApplicationContext context, String url) {
        this.context = context;
        this.url = url;
    }

    /**
     * Starts as far as it can, waits for what it shall serve, and then listens. Returns once connections are accepted.
     *
     * @param awaited may come later, while databases start
     * @throws CannotListenException when the port is taken or the address is not this machine's
     */
    public static HttpHost start(HostSettings settings, HostParts parts, Future<Served> awaited) {
        // Logging is set up by the program; Spring would put its own over it.
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        SpringApplication application = new SpringApplication(HostConfiguration.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        application.setAddCommandLineProperties(false);
        application.addInitializers(context -> {
            // First, so that neither environment variables nor files reach into the host's settings.
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("exchequer", properties(settings)));
            register((GenericApplicationContext) context, settings, parts, awaited);
        });
        try {
            ServletWebServerApplicationContext context = (ServletWebServerApplicationContext) application.run();
            return new HttpHost(context, settings.url(listening(context)));
        } catch (RuntimeException e) {
            throw explained(e, settings);
        }
    }

    /**
     * The port itself, or a free one for 0, when it can be listened on now.
     *
     * @throws CannotListenException when it cannot
     */
    public static int freePort(String address, int port) {
        return freePort(address, port, "--port");
    }

    /** The same for a port that another option chooses. */
    public static int freePort(String address, int port, String option) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return probe.getLocalPort();
        } catch (IOException e) {
            throw cannotListen(address, port, option, e);
        }
    }

    private static CannotListenException cannotListen(String address, int port, String option, Exception e) {
        return new CannotListenException(
                "cannot listen on " + address + ":" + port + ": " + e.getMessage() + "; choose another port with "
                        + option,
                e);
    }

    private static RuntimeException explained(RuntimeException e, HostSettings settings) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof PortInUseException || t instanceof BindException) {
                return cannotListen(settings.address(), settings.port(), "--port", (Exception) t);
            }
        }
        return e;
    }

    private static void register(
            GenericApplicationContext context, HostSettings settings, HostParts parts, Future<Served> awaited) {
        context.getBeanFactory().registerSingleton("hostSettings", settings);
        context.getBeanFactory().registerSingleton("hostParts", parts);
        // Beans are made in the order of their registration, after the container with its filters.
        context.registerBean(Arrival.class, () -> new Arrival(context, context.getBean(RouteTable.class), awaited));
    }

    private static Map<String, Object> properties(HostSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.address", settings.address());
        properties.put("server.port", settings.port());
        properties.put("server.shutdown", "graceful");
        properties.put("spring.lifecycle.timeout-per-shutdown-phase", "4s");
        properties.put("spring.threads.virtual.enabled", true);
        properties.put("server.max-http-request-header-size", MAX_HEADER_KB + "KB");
        properties.put(
                "server.tomcat.connection-timeout", settings.limits().bodyTime().toMillis() + "ms");
        // Reads on after refusing a body, so that the caller sees the answer and not a broken connection.
        properties.put("server.tomcat.max-swallow-size", "16MB");
        properties.put("spring.mvc.servlet.load-on-startup", 1);
        properties.put("spring.web.resources.add-mappings", false);
        properties.put("server.servlet.session.timeout", "30m");
        properties.put("server.servlet.session.tracking-modes", "cookie");
        properties.put("server.servlet.session.cookie.name", "exchequer");
        properties.put("server.servlet.session.cookie.path", "/console");
        properties.put("server.servlet.session.cookie.http-only", true);
        properties.put("server.servlet.session.cookie.same-site", "strict");
        properties.put("server.servlet.session.cookie.secure", settings.tls() != null);
        HostSettings.Tls tls = settings.tls();
        if (tls != null) {
            properties.put("server.ssl.certificate", tls.certificate().toUri().toString());
            properties.put(
                    "server.ssl.certificate-private-key", tls.key().toUri().toString());
            properties.put("server.ssl.protocol", "TLS");
            properties.put("server.ssl.enabled-protocols", "TLSv1.3");
        }
        return properties;
    }

    /** E.g. {@code http://127.0.0.1:7070}. */
    public String url() {
        return url;
    }

    /** The port it really listens on. */
    public int port() {
        return listening(context);
    }

    private static int listening(ServletWebServerApplicationContext context) {
        return Objects.requireNonNull(context.getWebServer(), "a running host has a server")
                .getPort();
    }

    /** Takes no new requests, gives those in flight 4 s, and stops. Safe to call twice. */
    @Override
    public void close() {
        context.close();
    }
}
