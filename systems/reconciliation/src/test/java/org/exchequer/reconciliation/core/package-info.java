@NullMarked
package org.exchequer.reconciliation.core;

import org.jspecify.annotations.NullMarked;
