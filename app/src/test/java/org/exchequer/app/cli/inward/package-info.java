@NullMarked
package org.exchequer.app.cli.inward;

import org.jspecify.annotations.NullMarked;
