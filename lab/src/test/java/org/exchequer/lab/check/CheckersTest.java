package org.exchequer.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Balance;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Evidence.Leg;
import org.exchequer.lab.check.Evidence.Limit;
import org.exchequer.lab.check.Evidence.Message;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.history.History;
import org.exchequer.lab.linear.Call;
import org.junit.jupiter.api.Test;

/** Each checker against the smallest evidence that breaks its invariant. */
class CheckersTest {
    private static final Map<String, String> ASKED =
            Map.of("key", "k", "debit", "cash", "credit", "a", "amount", "5", "currency", "EUR");
    private final List<Event> events = new ArrayList<>();

    private CheckersTest event(int process, Event.Type type, String function, Map<String, String> values) {
        events.add(new Event(events.size(), events.size(), process, type, function, values));
        return this;
    }

    private Evidence evidence(Entry... journal) {
        return Evidence.of(History.of(events)).withJournal(List.of(journal));
    }

    private static Leg leg(boolean debit, String account, long amount) {
        return new Leg(account, debit, amount, "EUR", null);
    }

    private static Entry transfer(long position, String key, long amount) {
        return new Entry(
                position,
                key,
                "transfer",
                null,
                List.of(leg(true, "cash", amount), leg(false, "a", amount)),
                List.of());
    }

    private static void invalid(Checker checker, Evidence evidence, String summary) {
        Finding finding = checker.check(evidence);
        assertThat(finding.verdict()).as(finding.describe()).isEqualTo(Verdict.INVALID);
        assertThat(finding.first().orElseThrow().summary()).contains(summary);
        assertThat(finding.first().orElseThrow().story()).isNotEmpty();
        assertThat(Verdict.of(List.of(finding)).exitCode()).isEqualTo(1);
    }

    @Test
    void conservation_finds_a_gap_and_a_missing_leg() {
        invalid(new Conservation(), evidence(transfer(1, "x", 5), transfer(3, "y", 5)), "position 2");
        Entry half = new Entry(1, "x", "transfer", null, List.of(leg(true, "cash", 5)), List.of());
        invalid(new Conservation(), evidence(half), "debits 5 EUR (minor units) more than it credits");
        Entry negative =
                new Entry(1, "x", "transfer", null, List.of(leg(true, "cash", -5), leg(false, "a", -5)), List.of());
        invalid(new Conservation(), evidence(negative), "not positive");
    }

    @Test
    void balances_are_compared_with_the_journal() {
        Evidence right = evidence(transfer(1, "x", 5))
                .withBalances(Map.of("cash", new Balance(5, 0, 0, 0), "a", new Balance(0, 5, 0, 0)));
        assertThat(new Balances().check(right).verdict()).isEqualTo(Verdict.VALID);
        invalid(
                new Balances(),
                right.withBalances(Map.of("cash", new Balance(5, 0, 0, 0))),
                "a does not stand where its entries add up to");
        Leg recorded = new Leg("cash", true, 5, "EUR", 6L);
        Entry wrong = new Entry(1, "x", "transfer", null, List.of(recorded, leg(false, "a", 5)), List.of());
        invalid(new Balances(), evidence(wrong), "journal 1 records 6 for cash");
        assertThat(new Balances().check(evidence(transfer(1, "x", 5))).verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void holds_count_against_limits_and_improving_is_welcome() {
        Entry hold = new Entry(1, "h", "hold", null, List.of(), List.of(leg(true, "a", 8), leg(false, "cash", 8)));
        Map<String, Limit> limits = Map.of("a", new Limit(5L, null));
        invalid(new NoOverdraft(), evidence(hold).withLimits(limits), "takes a 3 beyond its limit");
        Evidence improved = evidence(transfer(1, "x", 5))
                .withOpening(Map.of("a", new Balance(100, 0, 0, 0)))
                .withLimits(limits);
        assertThat(new NoOverdraft().check(improved).verdict()).isEqualTo(Verdict.VALID);
    }

    @Test
    void durability_finds_what_was_lost_changed_or_never_asked() {
        Map<String, String> answer = Map.of("position", "1", "transaction", "1");
        event(0, Event.Type.INVOKE, "transfer", ASKED).event(0, Event.Type.OK, "transfer", answer);
        assertThat(new Durability().check(evidence(transfer(1, "k", 5))).verdict())
                .isEqualTo(Verdict.VALID);
        invalid(new Durability(), evidence(), "was acknowledged and is not in the journal");
        invalid(new Durability(), evidence(transfer(1, "k", 6)), "as something else");
        invalid(new Durability(), evidence(transfer(2, "k", 5)), "as something else");
        invalid(new Durability(), evidence(transfer(1, "k", 5), transfer(2, "z", 1)), "holds what nobody asked");
    }

    @Test
    void a_refusal_must_not_have_happened_and_an_unknown_may() {
        event(0, Event.Type.INVOKE, "transfer", ASKED)
                .event(0, Event.Type.FAIL, "transfer", Map.of("reason", "NO_WRITER"));
        invalid(new Durability(), evidence(transfer(1, "k", 5)), "refused without a trace");
        event(0, Event.Type.INVOKE, "transfer", ASKED).event(0, Event.Type.INFO, "transfer", Map.of());
        assertThat(new Durability().check(evidence(transfer(1, "k", 5))).verdict())
                .isEqualTo(Verdict.VALID);
        assertThat(new Durability().check(evidence()).verdict()).isEqualTo(Verdict.VALID);
    }

    @Test
    void a_recorded_rejection_is_final() {
        event(0, Event.Type.INVOKE, "transfer", ASKED)
                .event(0, Event.Type.FAIL, "transfer", Map.of("reason", "INSUFFICIENT_FUNDS", "position", "1"));
        invalid(new Durability(), evidence(transfer(1, "k", 5)), "rejected for good");
        event(0, Event.Type.INVOKE, "transfer", ASKED).event(0, Event.Type.OK, "transfer", Map.of("position", "1"));
        invalid(new OneEffect(), evidence(), "was answered in two ways");
    }

    @Test
    void publication_allows_identical_redelivery_only() {
        Message one = new Message("s", 1, "one");
        Message two = new Message("s", 4, "two");
        Evidence sent = evidence().withOutbox(List.of(one, two));
        Evidence again = sent.withTopic(List.of(one, one, two, one, two)).withInbox(List.of(one, two));
        assertThat(new Publication().check(again).verdict()).isEqualTo(Verdict.VALID);
        Message changed = new Message("s", 1, "other");
        invalid(new Publication(), sent.withTopic(List.of(one, changed, two)), "came again with another content");
        invalid(new Publication(), sent.withTopic(List.of(two, one)), "message s/4 came before message s/1");
        invalid(new Publication(), sent.withTopic(List.of(one)), "message s/4 never came to the topic");
        Message stray = new Message("s", 9, "stray");
        invalid(new Publication(), sent.withTopic(List.of(one, two, stray)), "not in the outbox");
        invalid(
                new Publication(),
                sent.withTopic(List.of(one, two)).withInbox(List.of(one, one, two)),
                "inbox holds message s/1 twice");
    }

    @Test
    void of_an_account_that_moved_a_read_comes_to_what_the_journal_does() {
        event(1, Event.Type.INVOKE, "read", Map.of("account", "a"))
                .event(1, Event.Type.OK, "read", Map.of("debits", "7", "credits", "12", "position", "1"));
        Entry arrived = new Entry(
                1,
                "~mv:5:1:a:arrive",
                "transfer",
                null,
                List.of(leg(true, "transit:0.to.1:EUR", 5), leg(false, "a", 5)),
                List.of());
        assertThat(new FreshReads().check(evidence(arrived)).verdict()).isEqualTo(Verdict.VALID);
        assertThat(linearizability().check(evidence(arrived)).verdict()).isEqualTo(Verdict.VALID);
        invalid(new FreshReads(), evidence(transfer(1, "k", 5)), "a was read otherwise than the journal adds up to");
        invalid(linearizability(), evidence(transfer(1, "k", 5)), "no order of the operations on account a");
        event(1, Event.Type.INVOKE, "read", Map.of("account", "a"))
                .event(1, Event.Type.OK, "read", Map.of("debits", "7", "credits", "13", "position", "1"));
        invalid(new FreshReads(), evidence(arrived), "a was read otherwise than the journal adds up to");
        invalid(linearizability(), evidence(arrived), "no order of the operations on account a");
    }

    @Test
    void a_read_before_the_last_answer_is_stale() {
        event(0, Event.Type.INVOKE, "transfer", ASKED)
                .event(0, Event.Type.OK, "transfer", Map.of("position", "1", "transaction", "1"))
                .event(1, Event.Type.INVOKE, "read", Map.of("account", "a"))
                .event(1, Event.Type.OK, "read", Map.of("debits", "0", "credits", "0", "position", "0"));
        invalid(new FreshReads(), evidence(transfer(1, "k", 5)), "a was read at position 0 after position 1");
        Finding finding = linearizability().check(Evidence.of(History.of(events)));
        assertThat(finding.verdict()).isEqualTo(Verdict.INVALID);
        assertThat(finding.first().orElseThrow().story())
                .containsExactly(
                        "account a stands at debits 0, credits 0",
                        "[0] process 0 asks transfer amount=5 credit=a currency=EUR debit=cash key=k → [1] process 0 "
                                + "learns it happened: transfer position=1 transaction=1",
                        "[2] process 1 asks read account=a → learns it happened: read credits=0 debits=0 position=0",
                        "no order explains them all; states tried: debits 0, credits 0");
    }

    @Test
    void registers_are_checked_too() {
        event(0, Event.Type.INVOKE, "write", Map.of("register", "r", "value", "7"))
                .event(0, Event.Type.OK, "write", Map.of())
                .event(1, Event.Type.INVOKE, "get", Map.of("register", "r"))
                .event(1, Event.Type.OK, "get", Map.of("value", "7"))
                .event(1, Event.Type.INVOKE, "cas", Map.of("register", "r", "from", "7", "to", "8"))
                .event(1, Event.Type.FAIL, "cas", Map.of());
        Checker registers = new RegisterLinearizability(() -> 0, "0", Duration.ofSeconds(1));
        invalid(registers, Evidence.of(History.of(events)), "no order of the operations on register r");
        events.removeLast();
        assertThat(registers.check(Evidence.of(History.of(events))).verdict()).isEqualTo(Verdict.VALID);
    }

    @Test
    void an_unanswered_void_of_which_nothing_is_known_makes_accounts_unknown() {
        event(0, Event.Type.INVOKE, "void", Map.of("key", "v", "hold", "3"))
                .event(1, Event.Type.INVOKE, "read", Map.of("account", "a"))
                .event(1, Event.Type.OK, "read", Map.of("debits", "0", "credits", "0"));
        assertThat(linearizability().check(Evidence.of(History.of(events))).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(linearizability().check(evidence()).verdict()).isEqualTo(Verdict.VALID);
    }

    @Test
    void an_entry_of_another_content_under_the_same_key_is_no_hint() {
        Map<String, String> other = new HashMap<>(ASKED);
        other.put("amount", "7");
        event(0, Event.Type.INVOKE, "transfer", ASKED)
                .event(0, Event.Type.INFO, "transfer", Map.of())
                .event(0, Event.Type.INVOKE, "transfer", other)
                .event(0, Event.Type.INFO, "transfer", Map.of());
        assertThat(AccountCalls.of(evidence(transfer(3, "k", 5))).byAccount().get("a"))
                .extracting(Call::hint)
                .containsExactly(3L, Call.OPEN);
    }

    private static Checker linearizability() {
        return new AccountLinearizability(() -> 0, Duration.ofSeconds(1), Duration.ofSeconds(1));
    }
}
