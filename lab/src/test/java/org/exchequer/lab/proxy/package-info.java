@NullMarked
package org.exchequer.lab.proxy;

import org.jspecify.annotations.NullMarked;
