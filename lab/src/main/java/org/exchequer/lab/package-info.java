/** Breaks the program on purpose, and checks from recorded histories that no money was lost, made or moved twice. */
@NullMarked
package org.exchequer.lab;

import org.jspecify.annotations.NullMarked;
