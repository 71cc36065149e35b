/** The transactional outbox: a message leaves if and only if the change it tells of was committed. */
@NullMarked
package org.exchequer.platform.outbox;

import org.jspecify.annotations.NullMarked;
