@NullMarked
package org.exchequer.ledger.edge.csv;

import org.jspecify.annotations.NullMarked;
