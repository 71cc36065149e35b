/** How likely a payment is fraud, and why: features, models, explained decisions. */
@NullMarked
package org.exchequer.scoring;

import org.jspecify.annotations.NullMarked;
