/** What the rules forbid, planted so that they are seen to catch it. */
@NullMarked
package org.exchequer.rules.violations.core;

import org.jspecify.annotations.NullMarked;
