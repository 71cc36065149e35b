/** The lab's command line. */
@NullMarked
package org.exchequer.lab.cli;

import org.jspecify.annotations.NullMarked;
