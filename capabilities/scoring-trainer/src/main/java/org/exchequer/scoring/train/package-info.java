/** Makes the models that {@code org.exchequer.scoring} serves: start with {@code EnsembleTrainer}. */
@NullMarked
package org.exchequer.scoring.train;

import org.jspecify.annotations.NullMarked;
