/** What a run leaves for people: a page of its own, and a page of all runs. */
@NullMarked
package org.exchequer.lab.report;

import org.jspecify.annotations.NullMarked;
