package org.exchequer.inward.core;

import static org.exchequer.iso20022.MessageType.CAMT_056;
import static org.exchequer.iso20022.MessageType.PACS_003;
import static org.exchequer.iso20022.MessageType.PACS_007;
import static org.exchequer.iso20022.MessageType.PACS_008;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.exchequer.inward.core.Terms.Range;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.iso20022.Party;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * Business rules that need nobody but a directory of banks, in order of precedence: the first that is broken is the
 * answer's reason. What the schema demands was checked before, by {@code capabilities/iso20022}.
 *
 * <p>Codes are those of the ISO 20022 external status reasons.
 */
public final class Rules {
    private static final Set<MessageType> ALL = Set.of(MessageType.values());
    private static final Set<MessageType> NEW = Set.of(PACS_008, PACS_003);
    private static final Set<MessageType> MONEY = Set.of(PACS_008, PACS_003, PACS_007);

    /**
     * One rule.
     *
     * @param name stable, for configuration and reports
     * @param code of the external status reasons
     * @param types of messages that it holds for
     * @param part of the message that it is about, as {@link #PARTS} knows it
     * @param text the rule in words
     * @param broken whether a message breaks it
     */
    public record Rule(
            String name,
            String code,
            Set<MessageType> types,
            String part,
            String text,
            BiPredicate<Instruction, Terms> broken) {
        /** The finding when the message breaks the rule. */
        public Optional<Finding> check(Instruction message, Terms terms) {
            return types.contains(message.type()) && broken.test(message, terms)
                    ? Optional.of(new Finding(code, path(message.type(), part), text))
                    : Optional.empty();
        }
    }

    /** In order of precedence. */
    public static final List<Rule> LIST = List.of(
            new Rule(
                    "sender-known",
                    "AGNT",
                    ALL,
                    "instructingBic",
                    "must name a bank that takes part",
                    (m, t) -> standing(m.instructingBic(), t).isEmpty()),
            new Rule(
                    "sender-not-suspended",
                    "AG10",
                    ALL,
                    "instructingBic",
                    "must not be a suspended bank",
                    (m, t) -> standing(m.instructingBic(), t)
                            .filter(Standing.SUSPENDED::equals)
                            .isPresent()),
            new Rule(
                    "receiver-is-us",
                    "RC01",
                    ALL,
                    "instructedBic",
                    "must be a bank that is answered for here",
                    (m, t) -> !isOwn(m.instructedBic(), t)),
            new Rule(
                    "agent-is-us",
                    "RC04",
                    Set.of(PACS_008),
                    "creditorAgentBic",
                    "must be a bank that is answered for here, or left out",
                    (m, t) -> agentOf(m.creditor()) != null && !isOwn(agentOf(m.creditor()), t)),
            new Rule(
                    "debtor-agent-is-us",
                    "RC03",
                    Set.of(PACS_003),
                    "debtorAgentBic",
                    "must be a bank that is answered for here, or left out",
                    (m, t) -> agentOf(m.debtor()) != null && !isOwn(agentOf(m.debtor()), t)),
            new Rule("not-stale", "AB06", ALL, "created", "must have come in time", Rules::isStale),
            new Rule(
                    "not-from-the-future",
                    "DT01",
                    ALL,
                    "created",
                    "must not lie in the future",
                    (m, t) -> m.created().toInstant().isAfter(t.now().plus(t.ahead()))),
            new Rule(
                    "through-clearing",
                    "CH16",
                    MONEY,
                    "settlementMethod",
                    "must be CLRG: settled by clearing",
                    (m, t) -> m.settlementMethod() != Instruction.SettlementMethod.CLRG),
            new Rule(
                    "settles-today-or-soon",
                    "DT01",
                    MONEY,
                    "settlementDate",
                    "must be the business day or one shortly after it",
                    Rules::isOnAnotherDay),
            new Rule("has-uetr", "CH21", NEW, "uetr", "is missing", (m, t) -> m.uetr() == null),
            new Rule(
                    "currency-taken",
                    "AM03",
                    MONEY,
                    "amount",
                    "must be in a currency that is taken here",
                    (m, t) -> range(m, t) == null),
            new Rule("amount-not-too-large", "AM02", MONEY, "amount", "must not be above the limit", Rules::isAbove),
            new Rule(
                    "amount-not-too-small",
                    "AM06",
                    MONEY,
                    "amount",
                    "must not be below the least amount",
                    Rules::isBelow),
            party("debtor-account", "AC02", "debtorAccount", m -> hasNoAccount(m.debtor())),
            party("creditor-account", "AC03", "creditorAccount", m -> hasNoAccount(m.creditor())),
            party("debtor-name", "BE08", "debtorName", m -> hasNoName(m.debtor())),
            party("creditor-name", "BE22", "creditorName", m -> hasNoName(m.creditor())),
            new Rule(
                    "not-to-oneself",
                    "AC03",
                    NEW,
                    "creditorAccount",
                    "must not be the debtor's account",
                    (m, t) -> isSameAccount(m.debtor(), m.creditor())));

    /** The element of each part, below the transaction or the group header. */
    public static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("instructingBic", "InstgAgt/FinInstnId/BICFI"),
            Map.entry("instructedBic", "InstdAgt/FinInstnId/BICFI"),
            Map.entry("created", "GrpHdr/CreDtTm"),
            Map.entry("settlementMethod", "GrpHdr/SttlmInf/SttlmMtd"),
            Map.entry("settlementDate", "IntrBkSttlmDt"),
            Map.entry("uetr", "PmtId/UETR"),
            Map.entry("amount", "IntrBkSttlmAmt"),
            Map.entry("debtorAccount", "DbtrAcct/Id"),
            Map.entry("creditorAccount", "CdtrAcct/Id"),
            Map.entry("debtorName", "Dbtr/Nm"),
            Map.entry("creditorName", "Cdtr/Nm"),
            Map.entry("creditorAgentBic", "CdtrAgt/FinInstnId/BICFI"),
            Map.entry("debtorAgentBic", "DbtrAgt/FinInstnId/BICFI"));

    private Rules() {}

    private static Rule party(String name, String code, String part, Predicate<Instruction> missing) {
        return new Rule(name, code, NEW, part, "is missing", (m, t) -> missing.test(m));
    }

    /** All that are broken, in order of precedence. */
    public static List<Finding> check(Instruction message, Terms terms) {
        return LIST.stream()
                .flatMap(rule -> rule.check(message, terms).stream())
                .toList();
    }

    /**
     * Where a part of a message stands.
     *
     * @param part as {@link #PARTS} knows it
     */
    public static String path(MessageType type, String part) {
        String tail = PARTS.getOrDefault(part, part);
        String message = switch (type) {
            case PACS_008 -> "/Document/FIToFICstmrCdtTrf/";
            case PACS_003 -> "/Document/FIToFICstmrDrctDbt/";
            case PACS_007 -> "/Document/FIToFIPmtRvsl/";
            case CAMT_056 -> "/Document/FIToFIPmtCxlReq/";
        };
        if (type == CAMT_056) {
            return message + (part.equals("created") ? "Assgnmt/CreDtTm" : "Assgnmt/" + assignment(part));
        }
        if (tail.startsWith("GrpHdr/")) {
            return message + tail;
        }
        return switch (type) {
            case PACS_008 -> message + "CdtTrfTxInf/" + tail;
            case PACS_003 -> message + "DrctDbtTxInf/" + tail;
            case PACS_007 -> message + "TxInf/" + tail.replace("IntrBkSttlmAmt", "RvsdIntrBkSttlmAmt");
            case CAMT_056 -> throw new IllegalStateException("has returned above");
        };
    }

    private static String assignment(String part) {
        return part.equals("instructingBic") ? "Assgnr/Agt/FinInstnId/BICFI" : "Assgne/Agt/FinInstnId/BICFI";
    }

    private static Optional<Standing> standing(@Nullable String bic, Terms terms) {
        return bic == null ? Optional.empty() : terms.banks().standing(Terms.institution(bic));
    }

    private static boolean isOwn(@Nullable String bic, Terms terms) {
        return bic != null && terms.ownBics().contains(Terms.institution(bic));
    }

    /** What was accepted long ago was given up by its sender, whatever the message says of its own creation. */
    private static boolean isStale(Instruction message, Terms terms) {
        OffsetDateTime since = message.accepted() == null ? message.created() : message.accepted();
        return since.toInstant().isBefore(terms.now().minus(terms.oldest()));
    }

    private static boolean isOnAnotherDay(Instruction message, Terms terms) {
        return message.settlementDate() == null
                || message.settlementDate().isBefore(terms.businessDate())
                || message.settlementDate().isAfter(terms.businessDate().plusDays(terms.daysAhead()));
    }

    private static @Nullable Range range(Instruction message, Terms terms) {
        Money amount = message.amount();
        return amount == null ? null : terms.amounts().get(amount.currency().code());
    }

    private static boolean isAbove(Instruction message, Terms terms) {
        Money amount = message.amount();
        Range range = range(message, terms);
        return amount != null && range != null && exceeds(amount, range.most());
    }

    private static boolean isBelow(Instruction message, Terms terms) {
        Money amount = message.amount();
        Range range = range(message, terms);
        return amount != null && range != null && exceeds(range.least(), amount);
    }

    private static boolean exceeds(Money one, Money other) {
        return one.minorUnits() > other.minorUnits();
    }

    private static @Nullable String agentOf(@Nullable Party party) {
        return party == null ? null : party.agentBic();
    }

    private static boolean hasNoAccount(@Nullable Party party) {
        return party == null || party.account() == null;
    }

    private static boolean hasNoName(@Nullable Party party) {
        return party == null || party.name() == null || party.name().isBlank();
    }

    private static boolean isSameAccount(@Nullable Party one, @Nullable Party other) {
        return one != null
                && other != null
                && one.account() != null
                && one.account().equals(other.account());
    }
}
