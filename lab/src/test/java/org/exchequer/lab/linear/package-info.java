@NullMarked
package org.exchequer.lab.linear;

import org.jspecify.annotations.NullMarked;
