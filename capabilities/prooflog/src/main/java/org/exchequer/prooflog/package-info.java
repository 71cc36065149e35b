/** An append-only Merkle log with inclusion and consistency proofs, after RFC 9162. */
@NullMarked
package org.exchequer.prooflog;

import org.jspecify.annotations.NullMarked;
