/** Partners and what guards them, against the simulator over real sockets. */
@NullMarked
package org.exchequer.inward.partner;

import org.jspecify.annotations.NullMarked;
