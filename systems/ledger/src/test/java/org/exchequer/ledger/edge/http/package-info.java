@NullMarked
package org.exchequer.ledger.edge.http;

import org.jspecify.annotations.NullMarked;
