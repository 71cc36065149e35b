package org.exchequer.lab.sim.ledger;

/**
 * Something a client wants, as the plan of a run has it.
 *
 * @param id unique in the run; makes its idempotency key
 * @param client who wants it
 * @param at when, simulated nanoseconds, at the earliest
 * @param function see {@link org.exchequer.lab.history.Functions}
 * @param debit account, or the account to read
 * @param credit account
 * @param amount minor units
 * @param of id of the transfer or hold it is about; -1 for none. When that never came to be, it is not asked
 * @param timeoutSeconds of a hold; 0 for none
 */
public record Ask(
        int id,
        int client,
        long at,
        String function,
        String debit,
        String credit,
        long amount,
        int of,
        int timeoutSeconds) {
    String key() {
        return "op-" + id;
    }

    /** One line for people. */
    public String describe() {
        String what = switch (function) {
            case "read" -> debit;
            case "transfer", "hold" -> debit + " to " + credit + " " + amount;
            default -> "what op-" + of + " made";
        };
        return at / 1_000_000 + " ms: client " + client + " asks op-" + id + " " + function + " " + what;
    }
}
