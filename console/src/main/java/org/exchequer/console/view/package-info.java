/** What the console's pages show: values made ready for reading, free of any framework. */
@NullMarked
package org.exchequer.console.view;

import org.jspecify.annotations.NullMarked;
