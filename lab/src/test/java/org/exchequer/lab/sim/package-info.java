@NullMarked
package org.exchequer.lab.sim;

import org.jspecify.annotations.NullMarked;
