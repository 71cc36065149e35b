package org.exchequer.ledger.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.event.v1.Entry;
import org.exchequer.ledger.api.event.v1.Side;
import org.exchequer.ledger.api.event.v1.TransactionPosted;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.kafka.KafkaClients;
import org.exchequer.platform.kafka.MessageHeaders;
import org.exchequer.platform.kafka.Relay;
import org.exchequer.platform.kafka.Topic;
import org.exchequer.platform.kafka.TopicReader;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.testing.PrivateKafka;
import org.exchequer.platform.testing.TestKafka;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ledger's events, from the real journal to a real broker. */
class LedgerRelayTest {
    private static final Currency EUR = Currency.of("EUR");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Topic topic =
            Topic.of("exchequer.test.ledger-" + UUID.randomUUID().toString().substring(0, 8) + ".v1", 1);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Faults faults = new Faults();
    private final DatabaseAddress address = TestPostgres.freshDatabase();
    private final LedgerModule module = new LedgerModule(
            new Foundation(
                    Clock.systemUTC(),
                    Ticker.system(),
                    new Faults(),
                    meters,
                    OpenTelemetry.noop(),
                    "test",
                    "http://127.0.0.1:0",
                    address,
                    ""),
            MasterKeys.given(MasterKey.random()));
    private final Random random = new Random(11);
    private int keys;

    @BeforeEach
    void start() {
        module.start();
        for (int i = 0; i < 5; i++) {
            AccountSpec account = AccountSpec.posting("acc." + i, "Account " + i, AccountType.LIABILITY, EUR, null)
                    .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 2_000);
            module.ledger().execute(new Command.OpenAccount("open-" + i, account));
        }
    }

    @AfterEach
    void close() {
        module.close();
    }

    @Test
    void everyTransactionIsSentOnceInOrderOfTheJournal() throws Exception {
        try (Database database = database();
                Relay relay = relay(database, TestKafka.bootstrapServers());
                TopicReader reader = new TopicReader(TestKafka.bootstrapServers(), topic.name())) {
            post(300);
            relay.start();
            List<Transaction> posted = new ArrayList<>(post(300));
            List<Transaction> all = transactions();
            assertThat(all).containsAll(posted);

            List<ConsumerRecord<byte[], byte[]>> sent = reader.readUntil(all.size(), PATIENCE);
            assertThat(ids(sent)).isEqualTo(all.stream().map(Transaction::id).toList());
            for (int i = 0; i < all.size(); i++) {
                assertThat(event(sent.get(i))).isEqualTo(TransactionEvents.of(all.get(i)));
            }
            assertBalancesFollow(sent);
            assertThat(relay.state()).isEqualTo(Relay.State.ACTIVE);
        }
    }

    @Test
    void whatIsPersonalIsSealedInTheTopicToo() throws Exception {
        try (Database database = database();
                Relay relay = relay(database, TestKafka.bootstrapServers());
                TopicReader reader = new TopicReader(TestKafka.bootstrapServers(), topic.name())) {
            relay.start();
            Details details = new Details("r", null, Map.of("subject", "cust-1", "personal.note", "for Ada Lovelace"));
            Outcome outcome = module.ledger()
                    .execute(new Command.Transfer("personal", "acc.0", "acc.1", new Money(5, EUR), details));
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Posted.class,
                            posted -> assertThat(posted.transaction().details()).isEqualTo(details));
            ConsumerRecord<byte[], byte[]> event = reader.readUntil(1, PATIENCE).getFirst();
            assertThat(new String(event.value(), StandardCharsets.ISO_8859_1))
                    .contains("cust-1", "sealed:")
                    .doesNotContain("Ada");
            await().atMost(PATIENCE).until(() -> relay.lag().messages() == 0);
            assertThat(audit(database).check().holds()).isTrue();
        }
    }

    @Test
    void theTopicIsComparedWithTheJournalEventByEvent() throws Exception {
        try (Database database = database();
                Relay relay = relay(database, TestKafka.bootstrapServers());
                TopicReader reader = new TopicReader(TestKafka.bootstrapServers(), topic.name())) {
            relay.start();
            post(200);
            List<Transaction> all = transactions();
            List<ConsumerRecord<byte[], byte[]>> sent = reader.readUntil(all.size(), PATIENCE);
            await().atMost(PATIENCE).until(() -> relay.lag().messages() == 0);
            TopicAudit audit = audit(database);
            InvariantResult first = audit.check();
            assertThat(first.holds()).as(first.detail()).isTrue();
            assertThat(first.checked()).isEqualTo(all.size());
            post(50);
            reader.readUntil(transactions().size(), PATIENCE);
            assertThat(audit.check().checked()).isEqualTo(transactions().size());

            // What a broken relay, or somebody else, might put there.
            byte[] value = sent.getFirst().value();
            send(1, value);
            assertThat(audit.check().detail()).contains("1 repeated");
            send(1_000_000, value);
            InvariantResult orphan = audit.check();
            assertThat(orphan.holds()).isFalse();
            assertThat(orphan.detail()).contains("transaction 1000000, which the journal does not have");
            assertThat(audit.check().holds())
                    .as("what was found once is not forgotten")
                    .isFalse();
        }
    }

    @Test
    void aTransactionWithoutEventIsFound() throws Exception {
        post(50);
        List<Transaction> all = transactions();
        try (Database database = database();
                Forger forger = new Forger()) {
            forger.send(
                    all.getFirst().id(), TransactionEvents.of(all.getFirst()).toByteArray());
            assertThat(audit(database).check().holds()).isTrue();
            forger.send(all.getLast().id(), TransactionEvents.of(all.getLast()).toByteArray());
            assertThat(audit(database).check().detail())
                    .contains("transaction " + all.get(1).id() + " has no event before that of "
                            + all.getLast().id());
        }
    }

    @Test
    void anEventThatLiesIsFound() throws Exception {
        post(50);
        Transaction first = transactions().getFirst();
        try (Database database = database();
                Forger forger = new Forger()) {
            TransactionPosted event = TransactionEvents.of(first);
            forger.send(
                    first.id(), event.toBuilder().setReference("forged").build().toByteArray());
            assertThat(audit(database).check().detail()).contains("says something else than the journal");
        }
    }

    private TopicAudit audit(Database database) {
        return new TopicAudit(
                topic,
                database::connect,
                new JournalTail(new JournalReader()),
                new KafkaClients(TestKafka.bootstrapServers()),
                Clock.systemUTC());
    }

    private void send(long transaction, byte[] value) throws Exception {
        try (Forger kafka = new Forger()) {
            kafka.send(transaction, value);
        }
    }

    /** Puts into the topic whatever it is given. */
    private final class Forger implements AutoCloseable {
        private final Producer<byte[], byte[]> producer;

        Forger() throws Exception {
            KafkaClients kafka = new KafkaClients(TestKafka.bootstrapServers());
            kafka.ensure(List.of(topic));
            producer = kafka.producer("forger");
        }

        void send(long transaction, byte[] value) throws Exception {
            String id = Long.toString(transaction);
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic.name(), 0, id.getBytes(StandardCharsets.UTF_8), value);
            MessageHeaders.put(record.headers(), LedgerRelay.SEQUENCE, id);
            producer.send(record).get();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    @Test
    void relayKilledBetweenSendAndRecordRepeatsWithoutGapOrDisorder() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        faults.arm("ledger.relay.send.after", point -> {
            if (passes.incrementAndGet() < 6) {
                throw new IllegalStateException("killed by the test at " + point);
            }
        });
        try (Database database = database();
                Relay relay = relay(database, TestKafka.bootstrapServers());
                TopicReader reader = new TopicReader(TestKafka.bootstrapServers(), topic.name())) {
            relay.start();
            post(400);
            List<Transaction> all = transactions();
            await().atMost(PATIENCE)
                    .until(() -> meters.counter("exchequer.relay.sent", "relay", "ledger.relay")
                                    .count()
                            > 0);
            List<ConsumerRecord<byte[], byte[]>> sent = reader.readUntil(all.size(), PATIENCE);
            assertThat(ids(TopicReader.firsts(sent)))
                    .isEqualTo(all.stream().map(Transaction::id).toList());
            assertThat(sent).hasSizeGreaterThan(all.size());
        }
    }

    @Test
    void postingGoesOnWithoutKafkaAndEventsFollowInOrder() throws Exception {
        try (PrivateKafka kafka = TestKafka.privateBroker();
                Database database = database();
                Relay relay = relay(database, kafka.bootstrapServers());
                TopicReader reader = new TopicReader(kafka.bootstrapServers(), topic.name())) {
            relay.start();
            post(50);
            kafka.awaitRunning();
            reader.readUntil(transactions().size(), PATIENCE);

            kafka.stop();
            // More than the relay holds, and more than one chunk.
            post(2_500);
            await().atMost(PATIENCE).until(() -> relay.lag().messages() > 2_000);
            assertThat(relay.lag().oldestAgeSeconds()).isPositive();
            kafka.start();
            post(50);

            List<Transaction> all = transactions();
            List<ConsumerRecord<byte[], byte[]>> sent = reader.readUntil(all.size(), PATIENCE);
            assertThat(ids(TopicReader.firsts(sent)))
                    .isEqualTo(all.stream().map(Transaction::id).toList());
            assertThat(module.checkInvariants()).allMatch(invariant -> invariant.holds());
        }
    }

    @Test
    void restartedRelayGoesOnWhereItWas() throws Exception {
        try (Database database = database();
                TopicReader reader = new TopicReader(TestKafka.bootstrapServers(), topic.name())) {
            try (Relay relay = relay(database, TestKafka.bootstrapServers())) {
                relay.start();
                post(100);
                reader.readUntil(transactions().size(), PATIENCE);
            }
            post(100);
            try (Relay relay = relay(database, TestKafka.bootstrapServers())) {
                relay.start();
                List<Transaction> all = transactions();
                // A clean end repeats nothing.
                assertThat(ids(reader.readUntil(all.size(), PATIENCE)))
                        .isEqualTo(all.stream().map(Transaction::id).toList());
            }
        }
    }

    @Test
    void largeTransactionsAreReadFewAtATime() throws Exception {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            if (i == 100) {
                // More would be more than may wait for the writer, should it be slow.
                outcomes.forEach(CompletableFuture::join);
            }
            List<Leg> legs = new ArrayList<>();
            for (int j = 0; j < 500; j++) {
                // Random, so that the database cannot make them small.
                Money amount = new Money(1 + random.nextLong(1L << 40), EUR);
                legs.add(Leg.debit("acc.0", amount));
                legs.add(Leg.credit("acc.0", amount));
            }
            outcomes.add(module.ledger().submit(new Command.Post("large-" + i, legs, Details.NONE)));
        }
        assertThat(outcomes.stream().map(CompletableFuture::join)).allMatch(Outcome.Posted.class::isInstance);

        JournalTail tail = new JournalTail(new JournalReader());
        long last = module.ledger().lastSequence();
        long position = 0;
        int transactions = 0;
        int slices = 0;
        try (Database database = database();
                Connection connection = database.connect()) {
            while (position < last) {
                JournalTail.Slice slice = tail.read(connection, position, 2_000);
                assertThat(slice.through()).isGreaterThan(position);
                position = slice.through();
                transactions += slice.transactions().size();
                slices++;
            }
            assertThat(tail.read(connection, last, 2_000).through()).isEqualTo(last);
            assertThat(tail.backlog(connection, last).positions()).isZero();
        }
        assertThat(transactions).isEqualTo(150);
        assertThat(slices).isGreaterThan(1);
    }

    @Test
    void eventSaysEverythingTheTransactionDoes() {
        Transaction transaction = new Transaction(
                42,
                "key-42",
                Instant.parse("2026-01-31T12:00:00.123456Z"),
                LocalDate.of(2026, 2, 1),
                LocalDate.of(2026, 1, 15),
                List.of(
                        new Transaction.Entry(Leg.debit("a", Money.of(1_050, "BHD")), -3),
                        new Transaction.Entry(Leg.credit("b", Money.of(1_050, "BHD")), 7)),
                new Details("E2E-1", "corr-1", Map.of("channel", "branch")),
                new Transaction.Origin(41L, 40L, 39L, 38L));

        TransactionPosted event = TransactionEvents.of(transaction);
        assertThat(event.getId()).isEqualTo(42);
        assertThat(event.getIdempotencyKey()).isEqualTo("key-42");
        assertThat(event.getBookedAt().getSeconds()).isEqualTo(1_769_860_800L);
        assertThat(event.getBookedAt().getNanos()).isEqualTo(123_456_000);
        assertThat(event.getReference()).isEqualTo("E2E-1");
        assertThat(event.getCorrelationId()).isEqualTo("corr-1");
        assertThat(event.getMetadataMap()).isEqualTo(Map.of("channel", "branch"));
        assertThat(event.getReversalOf()).isEqualTo(41);
        assertThat(event.getHoldId()).isEqualTo(40);
        assertThat(event.getAdjustmentId()).isEqualTo(39);
        assertThat(event.getLinkedTo()).isEqualTo(38);
        assertThat(event.getBookingDate()).isEqualTo("2026-02-01");
        assertThat(event.getValueDate()).isEqualTo("2026-01-15");
        assertThat(event.getEntriesList())
                .containsExactly(
                        entry("a", Side.SIDE_DEBIT, 1_050, "BHD", 3, -3),
                        entry("b", Side.SIDE_CREDIT, 1_050, "BHD", 3, 7));

        TransactionPosted bare = TransactionEvents.of(new Transaction(
                43,
                "key-43",
                transaction.bookedAt(),
                transaction.bookingDate(),
                transaction.valueDate(),
                transaction.entries(),
                Details.NONE,
                Transaction.Origin.DIRECT));
        assertThat(bare.hasReference() || bare.hasCorrelationId() || bare.hasReversalOf() || bare.hasHoldId())
                .isFalse();
    }

    private static Entry entry(
            String account, Side side, long minorUnits, String currency, int scale, long balanceAfter) {
        return Entry.newBuilder()
                .setAccount(account)
                .setSide(side)
                .setMinorUnits(minorUnits)
                .setCurrency(currency)
                .setScale(scale)
                .setBalanceAfter(balanceAfter)
                .build();
    }

    private Database database() {
        return Database.open(address, "ledger", new SimpleMeterRegistry(), OpenTelemetry.noop());
    }

    private Relay relay(Database database, String bootstrapServers) {
        return LedgerRelay.of(
                topic,
                database::connect,
                new JournalTail(new JournalReader()),
                new KafkaClients(bootstrapServers, Duration.ofSeconds(5)),
                faults,
                meters,
                Ticker.system());
    }

    /** Random transfers, some of which are rejected for lack of funds and leave positions without an event. */
    private List<Transaction> post(int count) {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int debit = random.nextInt(5);
            int credit = (debit + 1 + random.nextInt(4)) % 5;
            outcomes.add(module.ledger()
                    .submit(new Command.Transfer(
                            "key-" + keys++,
                            "acc." + debit,
                            "acc." + credit,
                            Money.of(1 + random.nextInt(1_000), "EUR"),
                            i % 7 == 0 ? Details.reference("ref-" + i) : Details.NONE)));
        }
        return outcomes.stream()
                .map(CompletableFuture::join)
                .filter(Outcome.Posted.class::isInstance)
                .map(outcome -> ((Outcome.Posted) outcome).transaction())
                .toList();
    }

    /** Everything that the ledger says it has posted, in order. */
    private List<Transaction> transactions() {
        List<Transaction> all = new ArrayList<>();
        for (long id = 1; id <= module.ledger().lastSequence(); id++) {
            module.ledger().transaction(id).ifPresent(all::add);
        }
        assertThat(all).isNotEmpty();
        assertThat(all.size())
                .as("some commands must have been rejected")
                .isLessThan((int) module.ledger().lastSequence() - 5);
        return all;
    }

    private static List<Long> ids(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> {
                    String sequence = String.valueOf(TopicReader.header(record, LedgerRelay.SEQUENCE));
                    assertThat(TopicReader.header(record, MessageHeaders.MESSAGE_ID))
                            .isEqualTo(sequence);
                    assertThat(new String(record.key(), UTF_8)).isEqualTo(sequence);
                    return Long.valueOf(sequence);
                })
                .toList();
    }

    /** A consumer that adds up entries arrives at the balances that they state. */
    private static void assertBalancesFollow(List<ConsumerRecord<byte[], byte[]>> records)
            throws InvalidProtocolBufferException {
        Map<String, Long> balances = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            for (Entry entry : event(record).getEntriesList()) {
                long signed = entry.getSide() == Side.SIDE_DEBIT ? entry.getMinorUnits() : -entry.getMinorUnits();
                assertThat(balances.merge(entry.getAccount(), signed, Math::addExact))
                        .isEqualTo(entry.getBalanceAfter());
            }
        }
    }

    private static TransactionPosted event(ConsumerRecord<byte[], byte[]> record)
            throws InvalidProtocolBufferException {
        assertThat(TopicReader.header(record, MessageHeaders.TYPE)).isEqualTo("exchequer.ledger.v1.TransactionPosted");
        return TransactionPosted.parseFrom(record.value());
    }
}
