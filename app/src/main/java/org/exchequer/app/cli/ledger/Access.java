package org.exchequer.app.cli.ledger;

import java.net.URI;
import java.net.http.HttpClient;

/**
 * Where a server is and what opens its doors.
 *
 * @param url scheme, host and port, e.g. {@code http://127.0.0.1:7070}
 * @param token bearer token
 * @param http a client that trusts the server's certificate
 */
public record Access(URI url, String token, HttpClient http) {
    /** The token stays out of logs and messages. */
    @Override
    public String toString() {
        return "Access[" + url + "]";
    }
}
