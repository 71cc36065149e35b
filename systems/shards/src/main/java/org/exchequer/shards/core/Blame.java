package org.exchequer.shards.core;

import java.util.List;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Side;

/**
 * Which leg of a posting over several shards the rejection of one of its holds is about. The hold's own field says
 * which side of it, and its detail names the account; where the legs' accounts were at the time, nobody may know any
 * more.
 */
public final class Blame {
    private static final String AMOUNT = "amount";
    private static final String VALUE_DATE = "valueDate";
    private static final String AFTER_A_CODE = ".,:;";

    private Blame() {}

    /**
     * The rejection in terms of the caller's command, as it was told at first.
     *
     * @param item which of the coordinator's holds was rejected; its own legs come first, in their order
     * @return the same when it is about none of the legs
     */
    public static Outcome.Rejected of(Command.Post post, int item, Outcome.Rejected no) {
        if (no.field().equals(VALUE_DATE)) {
            return no;
        }
        List<Leg> legs = post.legs();
        for (int i = item; i < legs.size(); i++) {
            if (isSide(no.field(), legs.get(i).side())
                    && names(no.detail(), legs.get(i).account())) {
                String part = no.field().equals(AMOUNT) ? AMOUNT : "account";
                return new Outcome.Rejected(
                        no.reason(), "legs[" + i + "]." + part, no.detail(), no.sequence(), no.replayed());
            }
        }
        return no;
    }

    private static boolean isSide(String field, Side side) {
        return switch (field) {
            case "debitAccount" -> side == Side.DEBIT;
            case "creditAccount" -> side == Side.CREDIT;
            default -> true;
        };
    }

    /** Whether a word of the text is this account's code; a code may itself end as a sentence does. */
    static boolean names(String detail, String code) {
        for (String word : detail.split(" ", -1)) {
            boolean ends =
                    word.length() == code.length() + 1 && AFTER_A_CODE.indexOf(word.charAt(word.length() - 1)) >= 0;
            if (word.startsWith(code) && (word.length() == code.length() || ends)) {
                return true;
            }
        }
        return false;
    }
}
