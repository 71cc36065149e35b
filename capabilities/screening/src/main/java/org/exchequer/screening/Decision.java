package org.exchequer.screening;

/** A past answer, kept with whom it was about, so that it can be asked again. */
public record Decision(Subject subject, Screening screening) {}
