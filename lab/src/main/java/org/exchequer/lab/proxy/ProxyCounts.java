package org.exchequer.lab.proxy;

/**
 * What a proxy has done so far: the evidence that a fault bit.
 *
 * @param accepted connections of clients
 * @param unreachable connections that found nobody at the other end
 * @param cut connections that the proxy itself ended, by {@code down}, a reset, a timeout or a limit
 * @param bytesUp bytes passed on to the server
 * @param bytesDown bytes passed on to the client
 * @param delayed pieces that were passed on later than they came, because of a toxic
 */
public record ProxyCounts(long accepted, long unreachable, long cut, long bytesUp, long bytesDown, long delayed) {
    /** All zero. */
    public static final ProxyCounts NONE = new ProxyCounts(0, 0, 0, 0, 0, 0);

    /** What came between an earlier look and this one. */
    public ProxyCounts since(ProxyCounts earlier) {
        return new ProxyCounts(
                accepted - earlier.accepted,
                unreachable - earlier.unreachable,
                cut - earlier.cut,
                bytesUp - earlier.bytesUp,
                bytesDown - earlier.bytesDown,
                delayed - earlier.delayed);
    }

    /** Of two proxies together. */
    public ProxyCounts plus(ProxyCounts other) {
        return new ProxyCounts(
                accepted + other.accepted,
                unreachable + other.unreachable,
                cut + other.cut,
                bytesUp + other.bytesUp,
                bytesDown + other.bytesDown,
                delayed + other.delayed);
    }
}
