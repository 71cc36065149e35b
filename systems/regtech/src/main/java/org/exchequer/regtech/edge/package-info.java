/** What a pack looks like outside, and how it is verified. */
@NullMarked
package org.exchequer.regtech.edge;

import org.jspecify.annotations.NullMarked;
