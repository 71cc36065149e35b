@NullMarked
package org.exchequer.lab.stage;

import org.jspecify.annotations.NullMarked;
