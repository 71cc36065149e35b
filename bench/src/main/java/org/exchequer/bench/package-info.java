/** Benchmarks that compare within one run: commands of their own, never tests. */
@NullMarked
package org.exchequer.bench;

import org.jspecify.annotations.NullMarked;
