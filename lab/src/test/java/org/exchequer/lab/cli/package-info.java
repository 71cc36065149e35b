@NullMarked
package org.exchequer.lab.cli;

import org.jspecify.annotations.NullMarked;
