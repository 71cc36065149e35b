/**
 * Who inward clearing asks before it pays: core banking systems, the liquidity service, the directory of banks. Each is
 * an interface with a client over the network behind it, and each call is bounded, guarded by breakers, and answered by
 * a {@link org.exchequer.inward.partner.Reply}. Start with {@link org.exchequer.inward.partner.Accounts}.
 */
@NullMarked
package org.exchequer.inward.partner;

import org.jspecify.annotations.NullMarked;
