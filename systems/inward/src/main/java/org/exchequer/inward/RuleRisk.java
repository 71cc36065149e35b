package org.exchequer.inward;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.exchequer.inward.control.Stance;
import org.exchequer.inward.core.NewPayment;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.core.Rules;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.iso20022.Party;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;

/** Sanctions screening, and a short list of rules on amounts and on how often somebody pays. */
final class RuleRisk implements Risk {
    static final String FRAUD = "FR01";

    /**
     * A rule.
     *
     * @param name stable, for reports
     * @param part of the message that it is about
     */
    record Rule(String name, String part, String text, Predicate<Payment> broken) {}

    /** A payment as rules see it, its payer's payments until now included. */
    record Payment(Instruction instruction, Money amount, Velocity.Count count, Settings settings) {}

    static final List<Rule> RULES = List.of(
            new Rule(
                    "payer-1h",
                    "debtorAccount",
                    "must not pay so often within an hour",
                    payment -> payment.count().hour() > payment.settings().most1h()),
            new Rule(
                    "payer-24h",
                    "debtorAccount",
                    "must not pay so often within a day",
                    payment -> payment.count().day() > payment.settings().most24h()),
            new Rule("large", "amount", "must be looked at by a person: it is very large", RuleRisk::isLarge));

    private final Settings settings;
    private final Screening screening;
    private final Velocity velocity;
    private final Predicate<Instruction> denied;
    private final Ticker ticker;

    /** @param denied whether a deny list names a party: asked on every way, like sanctions */
    RuleRisk(Settings settings, Screening screening, Predicate<Instruction> denied, Ticker ticker) {
        this.settings = settings;
        this.screening = screening;
        this.velocity = new Velocity(ticker);
        this.denied = denied;
        this.ticker = ticker;
    }

    @Override
    public Outcome full(NewPayment payment, long deadlineNanos) {
        return deadlineNanos - ticker.nanos() <= 0 ? Outcome.LATE : least(payment);
    }

    @Override
    public Outcome least(NewPayment payment) {
        Instruction instruction = Objects.requireNonNull(payment.intake().instruction());
        Outcome listed = screen(instruction);
        return listed instanceof Outcome.Passed ? judge(instruction) : listed;
    }

    /** Whether a party is on a list. */
    Outcome screen(Instruction instruction) {
        return screening.screen(instruction).orElse(Outcome.PASSED);
    }

    /** Deny lists and the rules alone; counts the payment. */
    Outcome judge(Instruction instruction) {
        Money amount = instruction.amount();
        if (amount == null) {
            return Outcome.PASSED;
        }
        if (denied.test(instruction)) {
            return new Outcome.Refused(new Finding(
                    FRAUD, Rules.path(instruction.type(), "debtorAccount"), "must not be between listed parties"));
        }
        Payment payment = new Payment(instruction, amount, velocity.add(payer(instruction)), Stance.settings(settings));
        for (Rule rule : RULES) {
            if (rule.broken().test(payment)) {
                return new Outcome.Refused(
                        new Finding(FRAUD, Rules.path(instruction.type(), rule.part()), rule.text()));
            }
        }
        return Outcome.PASSED;
    }

    /** Whose payments are counted: the debtor's of a transfer; of a direct debit, the creditor, who asks for it. */
    private static String payer(Instruction instruction) {
        Party party = instruction.type() == MessageType.PACS_003 ? instruction.creditor() : instruction.debtor();
        return instruction.instructingBic() + "/"
                + (party == null || party.account() == null
                        ? ""
                        : party.account().id());
    }

    private static boolean isLarge(Payment payment) {
        Settings.Limit limit =
                payment.settings().limits().get(payment.amount().currency().code());
        return limit != null && payment.amount().minorUnits() > limit.risky().minorUnits();
    }
}
