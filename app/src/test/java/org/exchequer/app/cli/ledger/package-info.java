@NullMarked
package org.exchequer.app.cli.ledger;

import org.jspecify.annotations.NullMarked;
