/** The auditor's verifier: it needs the JDK and nothing else, sharing no code with the log that it verifies. */
@NullMarked
package org.exchequer.prooflog.verify;

import org.jspecify.annotations.NullMarked;
