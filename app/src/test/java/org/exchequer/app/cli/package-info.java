@NullMarked
package org.exchequer.app.cli;

import org.jspecify.annotations.NullMarked;
