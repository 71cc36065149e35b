@NullMarked
package org.exchequer.prooflog;

import org.jspecify.annotations.NullMarked;
