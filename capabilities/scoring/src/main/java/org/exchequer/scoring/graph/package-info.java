/**
 * Who paid whom, on the stream: degrees, scatter and gather, cycles, each within a window of time and with caps
 * that say when they were met.
 */
@NullMarked
package org.exchequer.scoring.graph;

import org.jspecify.annotations.NullMarked;
