@NullMarked
package org.exchequer.inward.fraud;

import org.jspecify.annotations.NullMarked;
