@NullMarked
package org.exchequer.scoring.generator;

import org.jspecify.annotations.NullMarked;
