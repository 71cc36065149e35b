@NullMarked
package org.exchequer.regtech;

import org.jspecify.annotations.NullMarked;
