@NullMarked
package org.exchequer.lab.scenario;

import org.jspecify.annotations.NullMarked;
