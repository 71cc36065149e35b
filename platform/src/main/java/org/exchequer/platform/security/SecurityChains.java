package org.exchequer.platform.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.RateLimitFilter;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The two ways in. The console has sessions, made by one-time links, with CSRF tokens on every form; everything else
 * has bearer tokens and no state. Neither way's credentials work on the other.
 */
public final class SecurityChains {
    private static final String API_CSP = "default-src 'none'; frame-ancestors 'none'";

    private SecurityChains() {}

    /** What the console tells about itself. */
    public record ConsoleDoor(
            String contentSecurityPolicy, String loginPage, String deniedPage, String csrfAttribute, String[] open) {}

    /** {@code /console/**}. */
    public static SecurityFilterChain console(
            HttpSecurity http,
            RouteTable routes,
            RateLimitFilter rates,
            AccessTrail trail,
            LoginLinks links,
            ConsoleDoor door)
            throws Exception {
        HttpSessionSecurityContextRepository sessions = new HttpSessionSecurityContextRepository();
        headers(http, door.contentSecurityPolicy());
        return http.securityMatcher("/console", "/console/**")
                .securityContext(context -> context.securityContextRepository(sessions))
                .requestCache(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                                .permitAll()
                                .requestMatchers(HttpMethod.GET, door.open())
                                .permitAll()
                                .anyRequest()
                                .access(routes))
                .addFilterBefore(new LoginFilter(links, sessions), AnonymousAuthenticationFilter.class)
                .addFilterAfter(rates, AnonymousAuthenticationFilter.class)
                .addFilterAfter(new AccessTrailFilter(routes, trail, false), AuthorizationFilter.class)
                .logout(logout -> logout.logoutUrl("/console/logout").logoutSuccessUrl(door.loginPage() + "?logout"))
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(
                                (request, response, e) -> toLogin(request, response, door.loginPage()))
                        .accessDeniedHandler((request, response, e) -> denied(request, response, e, door)))
                .build();
    }

    /** Everything else. {@code open} needs no token. */
    public static SecurityFilterChain api(
            HttpSecurity http,
            RouteTable routes,
            RateLimitFilter rates,
            AccessTrail trail,
            JwtDecoder tokens,
            Roles roles,
            RequestMatcher open)
            throws Exception {
        ProblemHandlers problems = new ProblemHandlers(routes, rates);
        headers(http, API_CSP);
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                                .permitAll()
                                .requestMatchers(open)
                                .permitAll()
                                .anyRequest()
                                .access(routes))
                .addFilterAfter(rates, AnonymousAuthenticationFilter.class)
                .addFilterAfter(new AccessTrailFilter(routes, trail, true), AuthorizationFilter.class)
                .oauth2ResourceServer(
                        bearer -> bearer.jwt(jwt -> jwt.decoder(tokens).jwtAuthenticationConverter(roles))
                                .authenticationEntryPoint(problems)
                                .accessDeniedHandler(problems))
                .exceptionHandling(
                        refusals -> refusals.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .build();
    }

    private static void headers(HttpSecurity http, String contentSecurityPolicy) throws Exception {
        http.headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(contentSecurityPolicy))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .httpStrictTransportSecurity(
                        hsts -> hsts.includeSubDomains(false).maxAgeInSeconds(31_536_000)));
    }

    /** htmx follows a redirect of its own; a browser follows the plain one. */
    private static void toLogin(HttpServletRequest request, HttpServletResponse response, String loginPage)
            throws IOException {
        if (request.getHeader("HX-Request") != null) {
            response.setStatus(ProblemCode.UNAUTHENTICATED.status());
            response.setHeader("HX-Redirect", loginPage);
        } else {
            response.sendRedirect(loginPage);
        }
    }

    private static void denied(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException e, ConsoleDoor door)
            throws IOException, ServletException {
        if (e instanceof CsrfException) {
            request.setAttribute(door.csrfAttribute(), Boolean.TRUE);
        }
        request.getRequestDispatcher(door.deniedPage()).forward(request, response);
    }
}
