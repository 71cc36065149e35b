/**
 * Files of movements as transfers: reads rows, says which rows cannot be read and why, and names the accounts they
 * need. Sends nothing; the command line does.
 */
@NullMarked
package org.exchequer.ledger.edge.csv;

import org.jspecify.annotations.NullMarked;
