@NullMarked
package org.exchequer.platform.kafka;

import org.jspecify.annotations.NullMarked;
