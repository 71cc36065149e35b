@NullMarked
package org.exchequer.reconciliation;

import org.jspecify.annotations.NullMarked;
