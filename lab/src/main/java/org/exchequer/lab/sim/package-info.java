/** A deterministic simulator: time, network, disks and processes that follow from one seed. */
@NullMarked
package org.exchequer.lab.sim;

import org.jspecify.annotations.NullMarked;
