@NullMarked
package org.exchequer.lab.fault;

import org.jspecify.annotations.NullMarked;
