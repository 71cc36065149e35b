@NullMarked
package org.exchequer.scoring.registry;

import org.jspecify.annotations.NullMarked;
