package org.exchequer.inward;

import java.util.Optional;
import org.exchequer.inward.core.Rules;
import org.exchequer.inward.partner.AccountInfo;
import org.exchequer.inward.partner.CoreBanking.Found;
import org.exchequer.inward.partner.CoreBanking.Lookup;
import org.exchequer.inward.partner.CoreBanking.NotFound;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.MessageType;

/** Whether an account of ours takes a payment: the creditor's of a transfer, the debtor's of a direct debit. */
final class AccountCheck {
    private AccountCheck() {}

    /** What speaks against it, by the codes of the ISO 20022 external status reasons. */
    static Optional<Finding> check(Lookup lookup, MessageType type, String currency) {
        boolean debit = type == MessageType.PACS_003;
        return switch (lookup) {
            case NotFound missing -> finding(type, debit ? "AC02" : "AC03", "must be one that is kept here");
            case Found(AccountInfo account) ->
                switch (account.status()) {
                    case CLOSED -> finding(type, debit ? "AC05" : "AC07", "must not be closed");
                    case BLOCKED -> finding(type, "AC06", "must not be blocked");
                    case DORMANT ->
                        debit
                                ? finding(type, "AG07", "must be in use, to be debited")
                                : currency(type, account, currency);
                    case ACTIVE -> currency(type, account, currency);
                };
        };
    }

    private static Optional<Finding> currency(MessageType type, AccountInfo account, String currency) {
        return account.currency().equals(currency)
                ? Optional.empty()
                : finding(
                        type, type == MessageType.PACS_003 ? "AC10" : "AC11", "must be kept in the payment's currency");
    }

    private static Optional<Finding> finding(MessageType type, String code, String text) {
        return Optional.of(new Finding(code, path(type), text));
    }

    /** Where the account stands in the message. */
    static String path(MessageType type) {
        return Rules.path(type, type == MessageType.PACS_003 ? "debtorAccount" : "creditorAccount");
    }
}
