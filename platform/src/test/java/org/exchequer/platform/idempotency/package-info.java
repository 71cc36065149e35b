@NullMarked
package org.exchequer.platform.idempotency;

import org.jspecify.annotations.NullMarked;
