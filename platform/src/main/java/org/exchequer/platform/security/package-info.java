/** Who a caller is and what it may do: tokens and their issuer, login links, the table of routes. */
@NullMarked
package org.exchequer.platform.security;

import org.jspecify.annotations.NullMarked;
