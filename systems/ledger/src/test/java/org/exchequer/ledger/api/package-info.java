@NullMarked
package org.exchequer.ledger.api;

import org.jspecify.annotations.NullMarked;
