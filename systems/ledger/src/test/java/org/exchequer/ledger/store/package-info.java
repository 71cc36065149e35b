@NullMarked
package org.exchequer.ledger.store;

import org.jspecify.annotations.NullMarked;
