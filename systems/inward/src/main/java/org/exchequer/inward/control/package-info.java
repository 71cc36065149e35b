/** How payments are worked on, as people have configured and ordered it, shared by all nodes; and how many at once. */
@NullMarked
package org.exchequer.inward.control;

import org.jspecify.annotations.NullMarked;
