/** Trained models served in plain Java: trees, sequences, anomalies, and the ensemble of them. */
@NullMarked
package org.exchequer.scoring.model;

import org.jspecify.annotations.NullMarked;
