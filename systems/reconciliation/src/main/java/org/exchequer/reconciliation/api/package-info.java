/** What others may use of reconciliation. */
@NullMarked
package org.exchequer.reconciliation.api;

import org.jspecify.annotations.NullMarked;
