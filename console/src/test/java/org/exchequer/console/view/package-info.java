@NullMarked
package org.exchequer.console.view;

import org.jspecify.annotations.NullMarked;
