package org.exchequer.reconciliation.edge.statement;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.Line;

/**
 * An external statement as it was read, its balances checked.
 *
 * @param account what the file calls the account, e.g. an IBAN; empty when it names none
 * @param lines booked movements, in the order of the file
 * @param from earliest booking date of a line; empty without lines
 * @param to latest booking date of a line; empty without lines
 * @param opening first opening balance, positive in the owner's favour; empty where the file has none
 * @param closing last closing balance
 * @param balancesChecked how many stated pairs of balances agree with the lines between them
 * @param passedOver entries that are not booked (pending, information)
 */
public record Statement(
        String account,
        List<Line> lines,
        Optional<LocalDate> from,
        Optional<LocalDate> to,
        Optional<Money> opening,
        Optional<Money> closing,
        int balancesChecked,
        int passedOver) {}
