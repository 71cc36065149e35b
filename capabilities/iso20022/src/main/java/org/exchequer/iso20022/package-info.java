/**
 * ISO 20022 payment messages: read in one pass into {@link org.exchequer.iso20022.Instruction}, answered by bytes.
 * No I/O, no clock. Start reading at {@link org.exchequer.iso20022.MessageReader}.
 *
 * <p>The messages and their JSON form are described in {@code docs/reference/inward-messages.md}.
 */
@NullMarked
package org.exchequer.iso20022;

import org.jspecify.annotations.NullMarked;
