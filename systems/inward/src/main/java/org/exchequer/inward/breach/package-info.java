/** How likely a payment is to miss its time within the next two stages: features, model, and what follows. */
@NullMarked
package org.exchequer.inward.breach;

import org.jspecify.annotations.NullMarked;
