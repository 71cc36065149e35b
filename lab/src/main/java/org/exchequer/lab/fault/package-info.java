/** What is done to the parts of a run, and when: a schedule as data, and what carries it out. */
@NullMarked
package org.exchequer.lab.fault;

import org.jspecify.annotations.NullMarked;
