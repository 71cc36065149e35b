package org.exchequer.console.edge;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import org.exchequer.reconciliation.api.Request;

/** Requests to reconciliation. */
final class Requests {
    private Requests() {}

    /**
     * Who asks, under which key.
     *
     * @param contents all that is asked for: with other contents the key is not the same request's
     */
    static Request of(Principal user, String key, byte[]... contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : contents) {
                digest.update(part);
            }
            return new Request(user.getName(), key, digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
