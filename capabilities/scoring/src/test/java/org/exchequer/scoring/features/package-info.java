@NullMarked
package org.exchequer.scoring.features;

import org.jspecify.annotations.NullMarked;
