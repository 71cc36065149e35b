/**
 * The processor's partners as simulated services, over real sockets, that can be told to be slow, to fail, to hang and
 * to lose replies. Start with {@link org.exchequer.inward.sim.PartnerSimulator}.
 */
@NullMarked
package org.exchequer.inward.sim;

import org.jspecify.annotations.NullMarked;
