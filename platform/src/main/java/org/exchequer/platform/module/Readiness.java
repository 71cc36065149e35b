package org.exchequer.platform.module;

/**
 * Whether a system can serve now.
 *
 * @param ready true when it can
 * @param detail one line for people, e.g. {@code "writer, epoch 3, sequence 18,204"} or what is missing
 */
public record Readiness(boolean ready, String detail) {}
