/** {@code exchequer inward demo}: made-up traffic, faults in the simulated partners, and the account of both. */
@NullMarked
package org.exchequer.app.cli.inward.demo;

import org.jspecify.annotations.NullMarked;
