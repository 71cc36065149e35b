package org.exchequer.platform.infra;

/**
 * Where a supervised child process stands.
 *
 * <pre>
 *   STARTING ──► RUNNING ──► RESTARTING ──► RUNNING
 *      │            │            │
 *      ▼            ▼            ▼
 *    FAILED      STOPPED       FAILED
 * </pre>
 */
public enum ProcessState {
    /** Being started for the first time; does not answer yet. */
    STARTING,
    /** Answers. */
    RUNNING,
    /** Died or stopped answering by itself; is being started again on the same port. */
    RESTARTING,
    /** Given up after repeated quick failures. */
    FAILED,
    /** Stopped by us. */
    STOPPED
}
