package org.exchequer.scoring.train;

import java.util.Optional;
import org.exchequer.scoring.features.AccountType;
import org.exchequer.scoring.features.Channel;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.features.Origin;
import org.exchequer.scoring.features.Party;
import org.exchequer.scoring.features.PaymentType;

/** What of a country's payments somebody sees. A model must be trained on what it will be given, and on no more. */
public enum Sight {
    /** All payments, with devices, addresses, balances and what the payer's bank has on file. */
    EVERYTHING("all payments, as the payer's bank sees them") {
        @Override
        Optional<Event> of(Event event) {
            return Optional.of(event);
        }
    },
    /**
     * What a clearing message tells one of three banks of payments to its customers, and of direct debits from them:
     * both accounts with their countries, the amount and the kind. No card, no cash, no device, no balance.
     */
    INWARD("what clearing messages tell one bank of three") {
        @Override
        Optional<Event> of(Event event) {
            boolean debit = event.type() == PaymentType.DIRECT_DEBIT;
            boolean transfer =
                    event.type() == PaymentType.CREDIT_TRANSFER || event.type() == PaymentType.STANDING_ORDER;
            Party own = debit ? event.debtor() : event.creditor();
            Party other = debit ? event.creditor() : event.debtor();
            if (!(debit || transfer) || !ours(own) || ours(other)) {
                return Optional.empty();
            }
            return Optional.of(new Event(
                    event.id(),
                    event.timeMillis(),
                    named(event.debtor()),
                    named(event.creditor()),
                    event.amountMinor(),
                    event.currency(),
                    event.baseMinor(),
                    debit ? PaymentType.DIRECT_DEBIT : PaymentType.CREDIT_TRANSFER,
                    0,
                    Event.UNKNOWN_BALANCE,
                    Origin.of(Channel.INTERFACE)));
        }
    };

    private static final int BANKS = 3;

    private final String text;

    Sight(String text) {
        this.text = text;
    }

    /** A payment as it is seen; empty when it is not. */
    abstract Optional<Event> of(Event event);

    /** What it is, for people. */
    public String text() {
        return text;
    }

    /** Whose bank it is depends on the account alone, so that it is the same in every payment. */
    private static boolean ours(Party party) {
        return Long.remainderUnsigned(party.account() * 0x9E3779B97F4A7C15L >>> 7, BANKS) == 0;
    }

    private static Party named(Party party) {
        return new Party(
                party.account(),
                Party.UNKNOWN,
                AccountType.PERSONAL,
                Party.UNKNOWN_DAY,
                -1,
                party.country(),
                party.utcOffsetMinutes(),
                0);
    }
}
