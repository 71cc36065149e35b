package org.exchequer.platform.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Logging, set up by code so that no line leaves the program unmasked: found by Logback through its service file for
 * every process (warnings to standard error), and widened by {@link #toFiles} when the program serves.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** How lines on standard error look. */
    public enum Format {
        TEXT,
        JSON;

        /** @throws IllegalArgumentException when it is neither {@code text} nor {@code json} */
        public static Format parse(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "text" -> TEXT;
                case "json" -> JSON;
                default -> throw new IllegalArgumentException("EXCHEQUER_LOG must be json or text, not " + name);
            };
        }
    }

    private static final String CONSOLE = "console";

    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        Logger root = logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console(logs, Format.TEXT, Level.WARN));
        quieten(logs);
        bridgeJavaLogging();
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Adds {@code exchequer.log} in this folder: JSON lines from INFO up, a new file each day and each 100 MB, 14 days
     * and at most 2 GB kept. Standard error gets warnings as text, or as JSON everything that the file gets.
     */
    public static void toFiles(Path folder, Format format) {
        LoggerContext logs = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(console(logs, format, format == Format.JSON ? Level.INFO : Level.WARN));
        root.addAppender(file(logs, folder));
    }

    private static void quieten(LoggerContext logs) {
        for (String chatty : new String[] {"org.apache.kafka", "org.springframework", "org.apache.catalina"}) {
            logs.getLogger(chatty).setLevel(Level.WARN);
        }
        // Several lines a second while Kafka is away; whoever needs Kafka says so once.
        logs.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.ERROR);
        // Asks for an incubating module that nothing here would use.
        logs.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider")
                .setLevel(Level.ERROR);
        // Anybody can make it log; the request log has the same.
        logs.getLogger("org.springframework.web.servlet.PageNotFound").setLevel(Level.ERROR);
    }

    /** Tomcat and the JDK log by {@code java.util.logging}. */
    private static void bridgeJavaLogging() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext logs, Format format, Level from) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setName(CONSOLE);
        console.setContext(logs);
        console.setTarget("System.err");
        console.setEncoder(started(logs, format == Format.JSON ? new JsonLogEncoder() : new TextLogEncoder()));
        console.addFilter(new Filter<>() {
            @Override
            public FilterReply decide(ILoggingEvent event) {
                return event.getLevel().isGreaterOrEqual(from) ? FilterReply.NEUTRAL : FilterReply.DENY;
            }
        });
        console.start();
        return console;
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext logs, Path folder) {
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setName("file");
        file.setContext(logs);
        file.setFile(folder.resolve("exchequer.log").toString());
        file.setEncoder(started(logs, new JsonLogEncoder()));
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(logs);
        policy.setParent(file);
        policy.setFileNamePattern(
                folder.resolve("exchequer.%d{yyyy-MM-dd}.%i.log.gz").toString());
        policy.setMaxFileSize(FileSize.valueOf("100MB"));
        policy.setMaxHistory(14);
        policy.setTotalSizeCap(FileSize.valueOf("2GB"));
        policy.start();
        file.setRollingPolicy(policy);
        file.start();
        return file;
    }

    private static Encoder<ILoggingEvent> started(LoggerContext logs, Encoder<ILoggingEvent> encoder) {
        encoder.setContext(logs);
        encoder.start();
        return encoder;
    }
}
