package org.exchequer.lab.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.inward.partner.AccountInfo.Status;
import org.exchequer.inward.sim.SimulatedAccounts;
import org.exchequer.inward.sim.SimulatedAccounts.Listed;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Partners;

/** What the core banking systems say of accounts is not what the ledger has. */
final class AccountFaults {
    private static final int PERCENT = 100;
    private static final String CURRENCY = "SGD";
    private static final String NOWHERE = "lab.nowhere";

    private final Partners partners;

    AccountFaults(Partners partners) {
        this.partners = partners;
    }

    Injection begin(int percent) throws IOException, InterruptedException {
        SimulatedAccounts known = partners.accounts();
        int every = PERCENT / Math.max(1, percent);
        List<Listed> right = new ArrayList<>();
        int blocked = 0;
        for (int customer = 0; customer < Partners.CUSTOMERS; customer += every) {
            Listed is = known.account(Partners.customer(customer), CURRENCY).orElseThrow();
            right.add(is);
            boolean blocks = right.size() % 2 == 0;
            blocked += blocks ? 1 : 0;
            partners.put(with(is, blocks ? Status.BLOCKED : is.status(), blocks ? is.ledgerAccount() : NOWHERE));
        }
        long before = calls();
        String said = "%d accounts were said to be blocked, %d to be kept where the ledger has none"
                .formatted(blocked, right.size() - blocked);
        return new Injection("vam, midanz", () -> {
            long asked = calls() - before;
            for (Listed is : right) {
                partners.put(is);
            }
            return Proof.of(asked > every, said + "; accounts were asked for %,d times".formatted(asked));
        });
    }

    private long calls() throws IOException, InterruptedException {
        var counts = partners.calls();
        return counts.path("vam").path("account").path("calls").asLong()
                + counts.path("midanz").path("account").path("calls").asLong();
    }

    private static Listed with(Listed is, Status status, String ledgerAccount) {
        return new Listed(is.number(), is.holder(), status, is.type(), is.currency(), ledgerAccount, is.risk());
    }
}
