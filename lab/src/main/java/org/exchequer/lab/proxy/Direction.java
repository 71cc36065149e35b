package org.exchequer.lab.proxy;

/** Which half of a connection a toxic works on. */
public enum Direction {
    /** From the client that connected to the proxy towards the server behind it. */
    UPSTREAM,
    /** From the server back to the client. */
    DOWNSTREAM
}
