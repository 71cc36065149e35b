@NullMarked
package org.exchequer.console.edge;

import org.jspecify.annotations.NullMarked;
