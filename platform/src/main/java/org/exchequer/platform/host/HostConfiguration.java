package org.exchequer.platform.host;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.apache.catalina.core.StandardHost;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.Roles;
import org.exchequer.platform.security.RouteTable;
import org.exchequer.platform.security.SecurityChains;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.security.Tokens;
import org.exchequer.platform.web.BadRequests;
import org.exchequer.platform.web.BodyLimitFilter;
import org.exchequer.platform.web.ProblemAdvice;
import org.exchequer.platform.web.ProblemWriter;
import org.exchequer.platform.web.QueryFilter;
import org.exchequer.platform.web.RateLimitFilter;
import org.exchequer.platform.web.RequestLogFilter;
import org.exchequer.platform.web.RequestTimeFilter;
import org.exchequer.platform.web.StrictJson;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.error.ErrorPage;
import org.springframework.boot.web.error.ErrorPageRegistrar;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.ServerHttpObservationFilter;
import tools.jackson.databind.json.JsonMapper;

/** Everything of Spring's that the host uses, by name: nothing is switched on because it lies on the class path. */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    HttpEncodingAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class,
})
@EnableWebSecurity
class HostConfiguration {
    private final HostSettings settings;
    private final HostParts parts;

    HostConfiguration(HostSettings settings, HostParts parts) {
        this.settings = settings;
        this.parts = parts;
    }

    @Bean
    JsonMapper jsonMapper() {
        return StrictJson.mapper();
    }

    @Bean
    HostController hostController(Arrival arrival) {
        return new HostController(settings, parts, arrival.served());
    }

    @Bean
    ProblemAdvice problemAdvice() {
        return new ProblemAdvice();
    }

    // Filters, from the outside in; security stands behind them at -100.

    @Bean
    FilterRegistrationBean<Filter> observationFilter() {
        return filter(new ServerHttpObservationFilter(parts.telemetry().observations()), 1);
    }

    @Bean
    FilterRegistrationBean<Filter> requestLogFilter() {
        return filter(new RequestLogFilter(parts.ticker()), 2);
    }

    @Bean
    FilterRegistrationBean<Filter> queryFilter() {
        return filter(new QueryFilter(), 3);
    }

    @Bean
    FilterRegistrationBean<Filter> requestTimeFilter() {
        return filter(new RequestTimeFilter(settings.limits().requestTime()), 4);
    }

    @Bean
    FilterRegistrationBean<Filter> bodyLimitFilter() {
        return filter(new BodyLimitFilter(settings.limits(), parts.ticker()), 5);
    }

    private static FilterRegistrationBean<Filter> filter(Filter filter, int place) {
        FilterRegistrationBean<Filter> bean = new FilterRegistrationBean<>(filter);
        bean.setOrder(Ordered.HIGHEST_PRECEDENCE + place);
        return bean;
    }

    // Security.

    @Bean
    RouteTable routeTable() {
        RouteTable routes = new RouteTable();
        routes.add(List.of(new Route("GET", HostController.METRICS, Set.of(Role.AUDITOR, Role.OPERATOR))));
        return routes;
    }

    /** One for both chains; a plain object, since Boot would register a filter bean a second time. */
    @Bean
    Rates rates(RouteTable routes) {
        return new Rates(new RateLimitFilter(settings.limits(), routes::isOpen));
    }

    record Rates(RateLimitFilter filter) {}

    @Bean
    @Order(1)
    SecurityFilterChain consoleChain(HttpSecurity http, RouteTable routes, Rates rates) throws Exception {
        ConsoleDoor door = parts.consoleDoor();
        if (door == null) {
            return http.securityMatcher("/console", "/console/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
                    .build();
        }
        return SecurityChains.console(http, routes, rates.filter(), parts.trail(), parts.links(), door);
    }

    @Bean
    @Order(2)
    SecurityFilterChain apiChain(HttpSecurity http, RouteTable routes, Rates rates) throws Exception {
        Tokens tokens = Tokens.forApi(settings.policy(), parts.issuer(), parts.clock());
        Roles roles = new Roles(settings.policy().rolesClaim());
        RequestMatcher open = this::isOpen;
        return SecurityChains.api(http, routes, rates.filter(), parts.trail(), tokens, roles, open);
    }

    private boolean isOpen(HttpServletRequest request) {
        String path = request.getRequestURI();
        if (path.equals("/")) {
            return parts.consoleDoor() != null;
        }
        if (path.equals(HostController.METRICS)) {
            return settings.metricsOpen() && isFromHere(request);
        }
        return HostController.OPEN_PATHS.contains(path);
    }

    /** A proxy on this machine speaks for others: what it forwards is not from here. */
    private static boolean isFromHere(HttpServletRequest request) {
        if (request.getHeader("Forwarded") != null || request.getHeader("X-Forwarded-For") != null) {
            return false;
        }
        try {
            return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        return (request, response, e) -> ProblemWriter.write(
                request,
                response,
                BadRequests.of(
                        400,
                        request.getRequestURI(),
                        "The method is not known, or a header or parameter holds a control character."));
    }

    // The container.

    @Bean
    ErrorPageRegistrar errorPages() {
        return registry -> registry.addErrorPages(new ErrorPage("/error"));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }
}
