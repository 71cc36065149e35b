package org.exchequer.platform.db;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a PostgreSQL database is and who connects to it. Never prints its password.
 *
 * @param jdbcUrl without credentials, e.g. {@code jdbc:postgresql://127.0.0.1:5432/exchequer?sslmode=verify-full}
 * @param user role to connect as
 * @param password its password; may be empty where the server asks for none
 */
public record DatabaseAddress(String jdbcUrl, String user, String password) {
    private static final String FORM = "postgresql://user:password@host[:port]/database[?parameters]";

    /**
     * Reads {@code postgresql://user:password@host[:port]/database[?parameters]}, also with {@code postgres:} or
     * {@code jdbc:postgresql:} in front, and with user and password as parameters. Parts are percent-decoded.
     *
     * @throws IllegalArgumentException naming the missing or wrong part, never the password
     */
    public static DatabaseAddress parse(String text) {
        String url = text.strip();
        if (url.startsWith("jdbc:")) {
            url = url.substring("jdbc:".length());
        }
        URI uri = uri(url);
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw wrong("its scheme must be postgresql");
        }
        if (uri.getHost() == null) {
            throw wrong("it names no host");
        }
        String database = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("^/", "");
        if (database.isEmpty() || database.contains("/")) {
            throw wrong("it must name one database after the host");
        }
        String user = "";
        String password = "";
        String userInfo = uri.getRawUserInfo();
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
            password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
        }
        List<String> kept = new ArrayList<>();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("user=")) {
                user = decode(parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decode(parameter.substring("password=".length()));
            } else if (!parameter.isEmpty()) {
                kept.add(parameter);
            }
        }
        if (user.isEmpty()) {
            throw wrong("it names no user");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String parameters = kept.isEmpty() ? "" : "?" + String.join("&", kept);
        return new DatabaseAddress(
                "jdbc:postgresql://" + uri.getHost() + port + "/" + database + parameters, user, password);
    }

    /** The same server and user, another database. */
    public DatabaseAddress withDatabase(String database) {
        int end = jdbcUrl.indexOf('?');
        String parameters = end < 0 ? "" : jdbcUrl.substring(end);
        String path = end < 0 ? jdbcUrl : jdbcUrl.substring(0, end);
        return new DatabaseAddress(
                path.substring(0, path.lastIndexOf('/') + 1) + database + parameters, user, password);
    }

    /** The same database, another role. */
    public DatabaseAddress as(String otherUser, String otherPassword) {
        return new DatabaseAddress(jdbcUrl, otherUser, otherPassword);
    }

    /** Without the password and the parameters, which may hold another ({@code sslpassword}). */
    @Override
    public String toString() {
        return jdbcUrl.replaceFirst("\\?.*", "") + " as " + user;
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // Neither the message nor the cause may be passed on: both quote the whole text, password included.
            throw new IllegalArgumentException("database address is not a URL at character " + Math.max(e.getIndex(), 0)
                    + "; expected " + FORM + " with special characters percent-encoded");
        }
    }

    private static IllegalArgumentException wrong(String rule) {
        return new IllegalArgumentException("database address: " + rule + "; expected " + FORM);
    }

    private static String decode(String part) {
        // '+' stands for itself in a URL's user part; URLDecoder would make it a space.
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
