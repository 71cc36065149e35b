package org.exchequer.platform.web;

import java.time.Duration;
import java.util.Map;

/**
 * How much one request, and one caller, may take.
 *
 * @param bodyBytes largest body, in bytes, where no longer prefix says otherwise
 * @param bodyBytesByPrefix path prefix → largest body in bytes; the longest matching prefix counts
 * @param bodyTime from the request's first byte until the whole body must have arrived
 * @param requestTime until the answer must be there; the handler is interrupted then
 * @param requestsPerSecond sustained rate of one authenticated caller
 * @param burst requests an authenticated caller may make at once after a pause
 * @param anonymousPerSecond sustained rate of one remote address without a valid token; its burst is twice that
 */
public record HttpLimits(
        long bodyBytes,
        Map<String, Long> bodyBytesByPrefix,
        Duration bodyTime,
        Duration requestTime,
        int requestsPerSecond,
        int burst,
        int anonymousPerSecond) {

    /** For a laptop and a small server: 1 MiB bodies within 10 s, answers within 30 s, 20,000 requests/s per caller. */
    public static final HttpLimits DEFAULT =
            new HttpLimits(1 << 20, Map.of(), Duration.ofSeconds(10), Duration.ofSeconds(30), 20_000, 40_000, 200);

    public HttpLimits {
        bodyBytesByPrefix = Map.copyOf(bodyBytesByPrefix);
    }

    /** The largest body this path takes, in bytes. */
    public long bodyBytesFor(String path) {
        long limit = bodyBytes;
        int longest = -1;
        for (Map.Entry<String, Long> entry : bodyBytesByPrefix.entrySet()) {
            String prefix = entry.getKey();
            if (prefix.length() > longest && path.startsWith(prefix)) {
                longest = prefix.length();
                limit = entry.getValue();
            }
        }
        return limit;
    }
}
