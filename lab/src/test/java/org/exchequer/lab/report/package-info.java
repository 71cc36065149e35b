@NullMarked
package org.exchequer.lab.report;

import org.jspecify.annotations.NullMarked;
