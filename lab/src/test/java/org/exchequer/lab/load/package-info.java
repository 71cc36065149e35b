@NullMarked
package org.exchequer.lab.load;

import org.jspecify.annotations.NullMarked;
