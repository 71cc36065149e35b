@NullMarked
package org.exchequer.scoring.model;

import org.jspecify.annotations.NullMarked;
