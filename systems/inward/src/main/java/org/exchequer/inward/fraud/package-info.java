/** How likely fraud a payment is: what is known of it, models and rules, what was decided and why. */
@NullMarked
package org.exchequer.inward.fraud;

import org.jspecify.annotations.NullMarked;
