@NullMarked
package org.exchequer.platform.infra;

import org.jspecify.annotations.NullMarked;
