@NullMarked
package org.exchequer.reconciliation.edge.statement;

import org.jspecify.annotations.NullMarked;
