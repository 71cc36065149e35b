/** The REST door under {@code /ledger/api/v1}: parse, call the ledger, render. The contract is {@code openapi.yaml}. */
@NullMarked
package org.exchequer.ledger.edge.http;

import org.jspecify.annotations.NullMarked;
