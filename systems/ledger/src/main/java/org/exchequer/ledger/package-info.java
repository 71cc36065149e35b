/** The core ledger. Start at {@link org.exchequer.ledger.api.Ledger}. */
@NullMarked
package org.exchequer.ledger;

import org.jspecify.annotations.NullMarked;
