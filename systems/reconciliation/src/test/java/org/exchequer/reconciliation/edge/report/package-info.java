@NullMarked
package org.exchequer.reconciliation.edge.report;

import org.jspecify.annotations.NullMarked;
