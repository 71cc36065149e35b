package org.exchequer.lab.check;

import java.util.HashMap;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;

/** Totals of all accounts at one position of the journal, made from the entries alone. */
final class Totals {
    private final Map<String, Balance> byAccount = new HashMap<>();

    Totals(Map<String, Balance> opening) {
        byAccount.putAll(opening);
    }

    Balance of(String account) {
        return byAccount.getOrDefault(account, Balance.ZERO);
    }

    Map<String, Balance> all() {
        return byAccount;
    }

    long net(String account) {
        Balance balance = of(account);
        return balance.debits() - balance.credits();
    }

    void apply(Entry entry) {
        for (Leg leg : entry.legs()) {
            Balance before = of(leg.account());
            byAccount.put(
                    leg.account(),
                    new Balance(
                            before.debits() + (leg.debit() ? leg.amount() : 0),
                            before.credits() + (leg.debit() ? 0 : leg.amount()),
                            before.pendingDebits(),
                            before.pendingCredits()));
        }
        for (Leg leg : entry.reserved()) {
            Balance before = of(leg.account());
            byAccount.put(
                    leg.account(),
                    new Balance(
                            before.debits(),
                            before.credits(),
                            before.pendingDebits() + (leg.debit() ? leg.amount() : 0),
                            before.pendingCredits() + (leg.debit() ? 0 : leg.amount())));
        }
    }

    static String describe(Balance balance) {
        return "debits " + balance.debits() + ", credits " + balance.credits()
                + (balance.pendingDebits() == 0 && balance.pendingCredits() == 0
                        ? ""
                        : ", on hold " + balance.pendingDebits() + " of debits and " + balance.pendingCredits()
                                + " of credits");
    }
}
