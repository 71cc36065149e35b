@NullMarked
package org.exchequer.app.access;

import org.jspecify.annotations.NullMarked;
