/** Workload, fault schedule and invariants, and how a run of them goes. */
@NullMarked
package org.exchequer.lab.scenario;

import org.jspecify.annotations.NullMarked;
