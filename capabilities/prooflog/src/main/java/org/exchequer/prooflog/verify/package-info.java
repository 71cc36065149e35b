/** The auditor's verifier: a class and its notes, on the JDK alone, sharing no code with the log that it verifies. */
@NullMarked
package org.exchequer.prooflog.verify;

import org.jspecify.annotations.NullMarked;
