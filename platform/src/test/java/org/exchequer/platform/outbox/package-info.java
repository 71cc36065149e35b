@NullMarked
package org.exchequer.platform.outbox;

import org.jspecify.annotations.NullMarked;
