/** {@code exchequer exchange}: the command line of the exchange. */
@NullMarked
package org.exchequer.app.cli.exchange;

import org.jspecify.annotations.NullMarked;
