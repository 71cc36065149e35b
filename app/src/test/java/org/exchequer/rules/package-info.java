/** The rules of the house, as tests. */
@NullMarked
package org.exchequer.rules;

import org.jspecify.annotations.NullMarked;
