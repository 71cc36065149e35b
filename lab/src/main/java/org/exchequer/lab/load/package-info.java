/** An open-loop client: operations at times fixed in advance, recorded in the history. */
@NullMarked
package org.exchequer.lab.load;

import org.jspecify.annotations.NullMarked;
