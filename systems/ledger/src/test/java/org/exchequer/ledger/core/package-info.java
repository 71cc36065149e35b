/** The decision core against tables and against a naive twin. */
@NullMarked
package org.exchequer.ledger.core;

import org.jspecify.annotations.NullMarked;
