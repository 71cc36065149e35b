@NullMarked
package org.exchequer.lab.load.inward;

import org.jspecify.annotations.NullMarked;
