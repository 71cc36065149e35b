@NullMarked
package org.exchequer.iso20022;

import org.jspecify.annotations.NullMarked;
