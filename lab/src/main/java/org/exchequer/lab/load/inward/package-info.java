/** An open-loop workload on inward clearing: what banks send, and what they are told. */
@NullMarked
package org.exchequer.lab.load.inward;

import org.jspecify.annotations.NullMarked;
