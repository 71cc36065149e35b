@NullMarked
package org.exchequer.scoring.graph;

import org.jspecify.annotations.NullMarked;
