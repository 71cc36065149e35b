/**
 * What is known about a payment at the moment it is made, as numbers: {@link org.exchequer.scoring.features.Feature} is
 * the list, {@link org.exchequer.scoring.features.FeatureEngine} computes it on the stream in bounded memory, and
 * {@link org.exchequer.scoring.features.History} computes the same from a recorded past.
 */
@NullMarked
package org.exchequer.scoring.features;

import org.jspecify.annotations.NullMarked;
