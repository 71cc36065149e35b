@NullMarked
package org.exchequer.app.cli.inward.demo;

import org.jspecify.annotations.NullMarked;
