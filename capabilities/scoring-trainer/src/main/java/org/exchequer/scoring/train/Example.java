package org.exchequer.scoring.train;

import org.exchequer.scoring.model.Sample;

/** A payment of which it is known by now whether it was fraud. */
public record Example(Sample sample, boolean fraud) {}
