/** Payments as they come, turned into what models are given: in training and in service by the same code. */
@NullMarked
package org.exchequer.scoring.stream;

import org.jspecify.annotations.NullMarked;
