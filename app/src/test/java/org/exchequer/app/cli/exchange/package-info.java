/** Tests of {@code exchequer exchange}. */
@NullMarked
package org.exchequer.app.cli.exchange;

import org.jspecify.annotations.NullMarked;
