/** What others may use of regulatory reporting. */
@NullMarked
package org.exchequer.regtech.api;

import org.jspecify.annotations.NullMarked;
