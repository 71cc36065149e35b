@NullMarked
package org.exchequer.lab.history;

import org.jspecify.annotations.NullMarked;
