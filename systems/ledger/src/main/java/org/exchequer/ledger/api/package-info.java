/**
 * What others may use of the ledger. Start at {@link org.exchequer.ledger.api.Ledger}.
 */
@NullMarked
package org.exchequer.ledger.api;

import org.jspecify.annotations.NullMarked;
