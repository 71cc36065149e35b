/** The REST door: parse, call, render. Its contract is {@code openapi.yaml}. */
@NullMarked
package org.exchequer.reconciliation.edge.http;

import org.jspecify.annotations.NullMarked;
