package org.exchequer.inward.api;

/** A system whose processing people configure and control. */
public interface Controlled {
    /** How payments are worked on. */
    Configurations configurations();

    /** What people order while something is wrong. */
    Controls controls();
}
