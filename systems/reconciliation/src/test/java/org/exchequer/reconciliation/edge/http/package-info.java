@NullMarked
package org.exchequer.reconciliation.edge.http;

import org.jspecify.annotations.NullMarked;
