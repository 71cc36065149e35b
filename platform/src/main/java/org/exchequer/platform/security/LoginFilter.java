package org.exchequer.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.exchequer.platform.security.LoginLinks.Login;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Makes a session out of a one-time link. The answer is a page that goes on to the console by itself rather than a
 * redirect: the session cookie is SameSite=Strict, and a browser that came from elsewhere (a link in a chat) would not
 * send it along a redirect.
 */
final class LoginFilter extends OncePerRequestFilter {
    static final String PATH = "/console/login";

    private static final Logger LOG = LoggerFactory.getLogger(LoginFilter.class);
    private static final byte[] WELCOME = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Exchequer</title>
            <link rel="icon" href="data:,">
            <meta http-equiv="refresh" content="0;url=/console"></head>
            <body><p>You are logged in. <a href="/console">Go on to the console</a></p></body></html>
            """.getBytes(StandardCharsets.UTF_8);

    private final LoginLinks links;
    private final SecurityContextRepository sessions;

    LoginFilter(LoginLinks links, SecurityContextRepository sessions) {
        this.links = links;
        this.sessions = sessions;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getMethod().equals("GET")
                || !request.getRequestURI().equals(PATH)
                || request.getParameter("token") == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Login> login = links.redeem(request.getParameter("token"));
        if (login.isEmpty()) {
            LOG.warn("a login link was refused, from {}", request.getRemoteAddr());
            response.sendRedirect(PATH + "?error");
            return;
        }
        HttpSession old = request.getSession(false);
        if (old != null) {
            old.invalidate();
        }
        Login who = login.get();
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                UsernamePasswordAuthenticationToken.authenticated(who.subject(), null, Roles.authorities(who.roles())));
        SecurityContextHolder.setContext(context);
        sessions.saveContext(context, request, response);
        LOG.info("{} logged in to the console as {}", who.subject(), who.roles());
        response.setContentType("text/html;charset=UTF-8");
        response.setContentLength(WELCOME.length);
        response.getOutputStream().write(WELCOME);
    }
}
