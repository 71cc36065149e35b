/** The REST door. Its contract is {@code openapi.yaml}. */
@NullMarked
package org.exchequer.regtech.edge.http;

import org.jspecify.annotations.NullMarked;
