@NullMarked
package org.exchequer.inward.edge.kafka;

import org.jspecify.annotations.NullMarked;
