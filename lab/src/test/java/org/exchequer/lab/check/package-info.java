@NullMarked
package org.exchequer.lab.check;

import org.jspecify.annotations.NullMarked;
