/** Which version of a model serves whom, and how it does: versions, candidates, drift, fairness, feedback. */
@NullMarked
package org.exchequer.scoring.registry;

import org.jspecify.annotations.NullMarked;
