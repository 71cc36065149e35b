@NullMarked
package org.exchequer.scoring.rules;

import org.jspecify.annotations.NullMarked;
