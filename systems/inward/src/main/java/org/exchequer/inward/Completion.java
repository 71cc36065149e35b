package org.exchequer.inward;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.exchequer.inward.Execution.Result;
import org.exchequer.inward.api.State;
import org.exchequer.inward.core.Intake;
import org.exchequer.inward.core.Outcome;
import org.exchequer.inward.core.Rules;
import org.exchequer.inward.core.Terms;
import org.exchequer.inward.jobs.Resolver.Found;
import org.exchequer.inward.partner.AccountInfo;
import org.exchequer.inward.partner.Accounts;
import org.exchequer.inward.partner.CoreBanking;
import org.exchequer.inward.partner.Reply;
import org.exchequer.inward.store.Payments;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.iso20022.Party;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;

/**
 * Completes a payment by the order of two people: what they order is that it be posted although its time is over. It
 * must still be one that may be: new, valid when it was received, between parties on no list, on an account that takes
 * it. The command is the payment's own under its own key, so that it happens once, whoever else sends it.
 */
final class Completion {
    private final Terms.Banks banks;
    private final Screening screening;
    private final Accounts accounts;
    private final Execution execution;
    private final Settings settings;
    private final Ticker ticker;

    Completion(
            Terms.Banks banks,
            Screening screening,
            Accounts accounts,
            Execution execution,
            Settings settings,
            Ticker ticker) {
        this.banks = banks;
        this.screening = screening;
        this.accounts = accounts;
        this.execution = execution;
        this.settings = settings;
        this.ticker = ticker;
    }

    /** What has to be done before the ledger is asked says no, or nothing yet. */
    sealed interface Step {
        record Ready(Command command) implements Step {}

        record No(Finding why) implements Step {}

        record Wait(String why) implements Step {}
    }

    /** The command that completes it, once everything speaks for it. */
    Step prepare(Payments.Open open, Intake intake, Duration patience) {
        Instruction instruction = intake.instruction();
        if (instruction == null || open.original() != null) {
            return new Step.No(new Finding("AM05", "/Document", "must be valid, with ids of its own"));
        }
        List<Finding> findings = Rules.check(instruction, settings.terms(open.receivedAt(), banks));
        if (!findings.isEmpty()) {
            return new Step.No(findings.getFirst());
        }
        Optional<Outcome> listed = screening.screen(instruction);
        if (listed.isPresent() && listed.get() instanceof Outcome.Listed(Finding why)) {
            return new Step.No(why);
        }
        return account(open, intake, instruction, ticker.nanos() + patience.toNanos());
    }

    private Step account(Payments.Open open, Intake intake, Instruction instruction, long deadline) {
        Money amount = Objects.requireNonNull(instruction.amount());
        Party party = intake.type() == MessageType.PACS_003 ? instruction.debtor() : instruction.creditor();
        String number =
                Objects.requireNonNull(Objects.requireNonNull(party).account()).id();
        String currency = amount.currency().code();
        Optional<Accounts.Known> known = switch (accounts.account(number, currency, deadline)) {
            case Reply.Answered<Accounts.Known>(Accounts.Known answered) -> Optional.of(answered);
            case Reply.Late<Accounts.Known> late -> accounts.remembered(number, currency);
            case Reply.Unreachable<Accounts.Known> unreachable -> accounts.remembered(number, currency);
        };
        if (known.isEmpty()) {
            return new Step.Wait("its account cannot be looked up");
        }
        Optional<Finding> against = AccountCheck.check(known.get().lookup(), intake.type(), currency);
        if (against.isPresent()) {
            return new Step.No(against.get());
        }
        String ours = known.get().lookup() instanceof CoreBanking.Found(AccountInfo found) ? found.ledgerAccount() : "";
        return new Step.Ready(
                transfer(open.id().toString(), intake, instruction, ours, settings.settlementAccount(currency)));
    }

    /** The command of a payment, under its key. */
    static Command transfer(String key, Intake intake, Instruction instruction, String ours, String settlement) {
        boolean debit = intake.type() == MessageType.PACS_003;
        return new Command.Transfer(
                key,
                debit ? ours : settlement,
                debit ? settlement : ours,
                Objects.requireNonNull(instruction.amount()),
                new Details(
                        intake.subject().endToEndId(),
                        intake.subject().uetr(),
                        instruction.settlementDate(),
                        Map.of()));
    }

    /** Posts it. */
    Found complete(Payments.Open open, Intake intake, Duration patience) {
        return switch (prepare(open, intake, patience)) {
            case Step.No(Finding why) -> refuse(open, why, patience);
            case Step.Wait(String why) -> new Found.Unknown(why);
            case Step.Ready(Command command) ->
                switch (execution.post(command, ticker.nanos() + patience.toNanos())) {
                    case Result.Posted posted ->
                        new Found.CarriedOut(posted.transaction().id(), true);
                    case Result.Refused(Finding why) -> new Found.NotCarriedOut(State.FAILED, why);
                    case Result.Barred barred -> new Found.NotCarriedOut(State.FAILED, Originals.late(intake.type()));
                    case Result.Unknown(String why) -> new Found.Unknown(why);
                };
        };
    }

    /** Its command may have been sent before its time was over: only with its key taken it never happens. */
    private Found refuse(Payments.Open open, Finding why, Duration patience) {
        String code = Objects.requireNonNull(open.currency());
        Result result = execution.bar(
                open.id().toString(),
                settings.settlementAccount(code),
                new Money(1, Currency.of(code)),
                ticker.nanos() + patience.toNanos());
        return switch (result) {
            case Result.Posted posted ->
                new Found.CarriedOut(posted.transaction().id(), false);
            case Result.Refused(Finding ledger) -> new Found.NotCarriedOut(State.FAILED, ledger);
            case Result.Barred barred -> new Found.NotCarriedOut(State.FAILED, why);
            case Result.Unknown(String text) -> new Found.Unknown(text);
        };
    }
}
