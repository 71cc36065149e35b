/** A TCP proxy between any two parts, with toxics that are added and removed while it runs. */
@NullMarked
package org.exchequer.lab.proxy;

import org.jspecify.annotations.NullMarked;
