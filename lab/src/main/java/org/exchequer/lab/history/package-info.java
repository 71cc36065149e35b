/** What was asked and answered in a run, recorded outside the process under test: the evidence that checkers read. */
@NullMarked
package org.exchequer.lab.history;

import org.jspecify.annotations.NullMarked;
