@NullMarked
package org.exchequer.ledger.jobs;

import org.jspecify.annotations.NullMarked;
