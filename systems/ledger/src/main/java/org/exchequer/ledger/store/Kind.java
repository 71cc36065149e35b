package org.exchequer.ledger.store;

import org.exchequer.ledger.api.Command;

/** Kinds of command as the journal numbers them. */
final class Kind {
    static final int TRANSFER = 1;
    static final int POST = 2;
    static final int REVERSAL = 3;
    static final int OPEN_ACCOUNT = 4;
    static final int CHANGE_ACCOUNT = 5;
    static final int HOLD = 6;
    static final int POST_PENDING = 7;
    static final int VOID_PENDING = 8;
    static final int EXPIRE_PENDING = 9;
    static final int PROPOSE_ADJUSTMENT = 10;
    static final int DECIDE_ADJUSTMENT = 11;
    static final int CLOSE_DAY = 12;

    private Kind() {}

    static int of(Command command) {
        return switch (command) {
            case Command.Transfer t -> TRANSFER;
            case Command.Post p -> POST;
            case Command.Reverse r -> REVERSAL;
            case Command.OpenAccount o -> OPEN_ACCOUNT;
            case Command.ChangeAccount c -> CHANGE_ACCOUNT;
            case Command.Hold h -> HOLD;
            case Command.PostPending p -> POST_PENDING;
            case Command.VoidPending v -> VOID_PENDING;
            case Command.ProposeAdjustment p -> PROPOSE_ADJUSTMENT;
            case Command.DecideAdjustment d -> DECIDE_ADJUSTMENT;
            case Command.CloseDay c -> CLOSE_DAY;
        };
    }
}
