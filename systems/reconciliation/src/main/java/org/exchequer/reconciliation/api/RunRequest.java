package org.exchequer.reconciliation.api;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.exchequer.kernel.Money;

/**
 * What to reconcile.
 *
 * @param request who asks, under which key
 * @param account code of the ledger's account
 * @param theirAccount what the statement calls the account
 * @param statementSha256 of the statement, in hex
 * @param lines the statement's
 * @param from first booking date of the ledger's lines
 * @param to last one, not before {@code from}
 * @param tolerance by how much amounts may differ, in minor units, 0 or more
 * @param windowDays by how many days value dates may differ, 0 to 366
 * @param byAmount whether lines that are left also match by amount and date alone
 */
public record RunRequest(
        Request request,
        String account,
        String theirAccount,
        String statementSha256,
        List<Line> lines,
        Optional<Money> opening,
        Optional<Money> closing,
        LocalDate from,
        LocalDate to,
        long tolerance,
        int windowDays,
        boolean byAmount) {}
