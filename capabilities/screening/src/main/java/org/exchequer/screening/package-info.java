/** Names of persons, companies, ships and aircraft against sanctions and PEP lists: start with {@code Screener}. */
@NullMarked
package org.exchequer.screening;

import org.jspecify.annotations.NullMarked;
