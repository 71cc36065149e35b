package org.exchequer.scoring.features;

import static org.exchequer.scoring.features.Formulas.set;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.datasketches.common.SketchesArgumentException;
import org.exchequer.scoring.bounded.Keyed;
import org.exchequer.scoring.graph.GraphFacts;
import org.exchequer.scoring.graph.GraphSettings;
import org.exchequer.scoring.graph.PaymentGraph;
import org.jspecify.annotations.Nullable;

/**
 * Computes {@link Feature}s on the stream in bounded memory. Time comes from the facts alone: the time of an
 * account, an address, a device or a customer is the latest that anything about it has had, and never goes back.
 * What comes late is counted where it belongs if its window still covers that, and is answered about as of the
 * key's time, so that one sender with a wrong clock spoils no other's windows. {@link History} computes the same
 * from the facts themselves.
 *
 * <p>Not safe for several threads: one thread feeds it, in the order of arrival.
 */
public final class FeatureEngine {
    static final long MONTH_MILLIS = 30 * Ring.DAY;

    private static final long MAGIC = 0x4558_4645_4154_0000L + Feature.VERSION;

    private final FeatureSettings settings;
    private final Keyed<AccountState> accounts;
    private final Keyed<SharedState> addresses;
    private final Keyed<SharedState> devices;
    private final Keyed<EntityState> entities;
    private final CountMin pairs = new CountMin();
    private final PaymentGraph graph;
    private final long[] amounts = new long[Formulas.AMOUNTS];
    private long facts;

    public FeatureEngine(FeatureSettings settings) {
        this.settings = settings;
        accounts = new Keyed<>(settings.accounts(), AccountState::new);
        addresses = new Keyed<>(settings.origins(), SharedState::new);
        devices = new Keyed<>(settings.origins(), SharedState::new);
        entities = new Keyed<>(settings.entities(), EntityState::new);
        graph = new PaymentGraph(settings.graph());
    }

    /**
     * Answers about a payment, then remembers it.
     *
     * @return a number for each {@link Feature} in their order, NaN where it is not known
     */
    public float[] apply(Event event) {
        float[] vector = new float[Feature.all().size()];
        Arrays.fill(vector, Float.NaN);
        Formulas.own(event, settings.tables(), vector);
        AccountState debtor = accounts.touch(event.debtor().account());
        AccountState creditor = accounts.touch(event.creditor().account());
        EntityState entity = touch(entities, event.debtor().entity());
        SharedState address = touch(addresses, event.origin().ip());
        SharedState device = touch(devices, event.origin().device());
        ofAccount(event, debtor, vector);
        ofPaid(event, debtor, vector);
        ofPayee(event, debtor, creditor, vector);
        ofOrigin(event, address, device, vector);
        if (entity != null) {
            long asOf = entity.asOf(event.timeMillis());
            set(vector, Feature.CROSS_ENTITY_VELOCITY, entity.day.count(asOf));
            set(vector, Feature.CROSS_ENTITY_AMOUNT, entity.day.sum(asOf));
        }
        ofGraph(
                graph.add(event.debtor().account(), event.creditor().account(), event.timeMillis()),
                settings.graph(),
                vector);
        remember(event, debtor, creditor);
        if (entity != null) {
            entity.pays(event);
        }
        if (address != null) {
            address.used(event.debtor().account(), event.timeMillis());
        }
        if (device != null) {
            device.used(event.debtor().account(), event.timeMillis());
        }
        facts++;
        return vector;
    }

    /** Remembers the score that a payment was given. */
    public void apply(Score score) {
        accounts.touch(score.debtor()).scored(score);
        if (score.creditor() != score.debtor()) {
            accounts.touch(score.creditor()).scored(score);
        }
        facts++;
    }

    /** What is kept and what had to go. */
    public Usage usage() {
        return new Usage(
                facts,
                accounts.size(),
                accounts.forgotten(),
                addresses.forgotten() + devices.forgotten(),
                entities.forgotten(),
                graph.forgotten(),
                graph.answers(),
                graph.capped());
    }

    /**
     * How full the memory is.
     *
     * @param facts facts applied
     * @param accounts accounts remembered
     * @param accountsForgotten accounts that made room for others
     * @param originsForgotten addresses and devices that made room
     * @param entitiesForgotten customers that made room
     * @param nodesForgotten accounts of the graph that made room
     * @param graphAnswers payments asked about in the graph
     * @param graphCapped answers of the graph that are lower bounds
     */
    public record Usage(
            long facts,
            int accounts,
            long accountsForgotten,
            long originsForgotten,
            long entitiesForgotten,
            long nodesForgotten,
            long graphAnswers,
            long graphCapped) {}

    private static <S extends Keyed.State> @Nullable S touch(Keyed<S> states, long key) {
        return key == Party.UNKNOWN ? null : states.touch(key);
    }

    private void remember(Event event, AccountState debtor, AccountState creditor) {
        debtor.pays(event, settings);
        creditor.receives(event);
        long payee = event.creditor().account();
        if (!debtor.counted(payee)) {
            pairs.add(event.debtor().account(), payee);
        }
    }

    private void ofAccount(Event event, AccountState debtor, float[] vector) {
        long asOf = debtor.asOf(event.timeMillis());
        if (debtor.active != Long.MIN_VALUE) {
            set(vector, Feature.DORMANCY_PERIOD, (asOf - debtor.active) / Ring.DAY);
        }
        if (debtor.scores != null) {
            set(
                    vector,
                    Feature.PREVIOUS_FRAUD_SCORE_AVG,
                    Formulas.score(debtor.scores.sum(asOf), debtor.scores.count(asOf)));
        }
        long received = debtor.received == null ? 0 : debtor.received.sum(asOf);
        set(vector, Feature.RECEIVED_24H, received);
        if (received > 0) {
            long paid = debtor.paid == null ? 0 : debtor.paid.day.sum(asOf);
            set(vector, Feature.PASS_THROUGH_24H, Formulas.ratio(Ring.plus(paid, event.baseMinor()), received));
        }
    }

    private void ofPaid(Event event, AccountState debtor, float[] vector) {
        AccountState.Paid paid = debtor.paid;
        if (paid == null) {
            nothingPaid(event, vector);
            return;
        }
        long asOf = debtor.asOf(event.timeMillis());
        int length = AccountState.amounts(paid, asOf, amounts);
        set(vector, Feature.AMOUNT_PERCENTILE_ACCOUNT_30D, Formulas.percentile(amounts, length, event.baseMinor()));
        set(vector, Feature.AMOUNT_DEVIATION_FROM_AVERAGE, Formulas.deviation(amounts, length, event.baseMinor()));
        set(vector, Feature.VELOCITY_COUNT_1H, paid.hour.count(asOf));
        set(vector, Feature.VELOCITY_COUNT_24H, paid.day.count(asOf));
        set(vector, Feature.VELOCITY_AMOUNT_1H, paid.hour.sum(asOf));
        set(vector, Feature.VELOCITY_AMOUNT_24H, paid.day.sum(asOf));
        set(vector, Feature.TIME_SINCE_LAST_TRANSACTION, (asOf - paid.latest) / Ring.MINUTE);
        int hour = Formulas.hourOfWeek(event.timeMillis(), event.debtor().utcOffsetMinutes());
        set(vector, Feature.WEEKDAY_HOUR_FAMILIARITY, Formulas.share(paid.cells[Formulas.cell(hour)], paid.count));
        set(
                vector,
                Feature.TRANSACTION_TYPE_FREQUENCY,
                Formulas.share(paid.types[event.type().place()], paid.count));
        set(vector, Feature.SMALL_PAYMENTS_1H, paid.small.count(asOf));
        set(vector, Feature.NEAR_THRESHOLD_30D, paid.near.count(asOf));
        set(vector, Feature.AVERAGE_MONTHLY_VOLUME, Formulas.monthly(paid.sum, paid.first, asOf));
        long sameWeekdays = 0;
        for (int ago = 7; ago <= 28; ago += 7) {
            sameWeekdays += paid.month.countAgo(asOf, ago);
        }
        set(vector, Feature.SEASONAL_PATTERN_DEVIATION, Formulas.seasonal(paid.month.countAgo(asOf, 0), sameWeekdays));
        ofDevices(event, paid, asOf, vector);
        if (event.origin().located() && !Float.isNaN(paid.latitude)) {
            set(
                    vector,
                    Feature.GEOLOCATION_VELOCITY,
                    Formulas.speed(event.origin(), event.timeMillis(), paid.latitude, paid.longitude, paid.locatedAt));
        }
    }

    static void nothingPaid(Event event, float[] vector) {
        set(vector, Feature.VELOCITY_COUNT_1H, 0);
        set(vector, Feature.VELOCITY_COUNT_24H, 0);
        set(vector, Feature.VELOCITY_AMOUNT_1H, 0);
        set(vector, Feature.VELOCITY_AMOUNT_24H, 0);
        set(vector, Feature.SMALL_PAYMENTS_1H, 0);
        set(vector, Feature.NEAR_THRESHOLD_30D, 0);
        set(vector, Feature.AVERAGE_MONTHLY_VOLUME, 0);
        set(vector, Feature.SEASONAL_PATTERN_DEVIATION, 0);
        set(vector, Feature.DEVICES_1H, 0);
    }

    private static void ofDevices(Event event, AccountState.Paid paid, long asOf, float[] vector) {
        long uses = 0;
        long familiar = 0;
        int recent = 0;
        for (int i = 0; i < paid.deviceCount; i++) {
            uses += paid.fromDevices[i];
            if (paid.devices[i] == event.origin().device()) {
                familiar = paid.fromDevices[i];
            }
            if (asOf - paid.devicesAt[i] < Ring.HOUR) {
                recent++;
            }
        }
        if (event.origin().device() != Party.UNKNOWN) {
            set(vector, Feature.DEVICE_FINGERPRINT_FAMILIARITY, Formulas.share(familiar, uses));
        }
        set(vector, Feature.DEVICES_1H, recent);
    }

    private void ofPayee(Event event, AccountState debtor, AccountState creditor, float[] vector) {
        long payee = event.creditor().account();
        int payments = 0;
        if (debtor.paid != null) {
            int place = AccountState.payee(debtor.paid, payee);
            payments = place < debtor.paid.payeeCount
                    ? debtor.paid.toPayees[place]
                    : place < Formulas.PAYEES
                            ? 0
                            : pairs.estimate(event.debtor().account(), payee);
        }
        set(vector, Feature.COUNTERPARTY_RELATIONSHIP, payments);
        long asOf = creditor.asOf(event.timeMillis());
        float score = creditor.scores == null
                ? Float.NaN
                : Formulas.score(creditor.scores.sum(asOf), creditor.scores.count(asOf));
        float profile = Formulas.profile(event.creditor(), event.timeMillis(), settings.tables());
        set(vector, Feature.COUNTERPARTY_RISK_SCORE, Formulas.counterparty(profile, score));
    }

    private static void ofOrigin(
            Event event, @Nullable SharedState address, @Nullable SharedState device, float[] vector) {
        if (address != null) {
            long asOf = address.asOf(event.timeMillis());
            set(vector, Feature.IP_VELOCITY_1H, address.hour.count(asOf));
            set(vector, Feature.IP_ACCOUNTS_2D, address.accounts.estimate(asOf));
        }
        if (device != null) {
            set(vector, Feature.DEVICE_ACCOUNTS_2D, device.accounts.estimate(device.asOf(event.timeMillis())));
        }
    }

    static void ofGraph(GraphFacts facts, GraphSettings settings, float[] vector) {
        double degree = facts.payerFanIn() + facts.payerFanOut();
        set(vector, Feature.ENTITY_NETWORK_CENTRALITY, (float)
                (StrictMath.log1p(degree) / StrictMath.log1p(2.0 * settings.edges())));
        set(vector, Feature.PAYER_FAN_OUT, facts.payerFanOut());
        set(vector, Feature.PAYER_FAN_IN, facts.payerFanIn());
        set(vector, Feature.PAYEE_FAN_OUT, facts.payeeFanOut());
        set(vector, Feature.PAYEE_FAN_IN, facts.payeeFanIn());
        set(
                vector,
                Feature.PAYER_IN_OUT_RATIO,
                Formulas.share(facts.payerFanIn(), facts.payerFanIn() + facts.payerFanOut()));
        set(
                vector,
                Feature.PAYEE_IN_OUT_RATIO,
                Formulas.share(facts.payeeFanIn(), facts.payeeFanIn() + facts.payeeFanOut()));
        set(vector, Feature.SCATTER_GATHER, facts.scatterGather());
        set(vector, Feature.CYCLE_LENGTH, facts.cycleLength());
        set(vector, Feature.TEMPORAL_CYCLE_LENGTH, facts.temporalCycleLength());
        set(vector, Feature.GRAPH_CAPPED, facts.capped() ? 1 : 0);
    }

    /** Writes the whole state, ended by a CRC-32; the same facts give the same bytes. */
    public void write(OutputStream to) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(new BufferedOutputStream(to, 1 << 16), new CRC32());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        out.writeLong(settings.reportingMinor());
        out.writeLong(settings.smallMinor());
        out.writeLong(facts);
        accounts.write(out);
        addresses.write(out);
        devices.write(out);
        entities.write(out);
        pairs.write(out);
        graph.write(out);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    /**
     * Restores what {@link #write} wrote. Reads no more than that of the stream only if the stream is not buffered
     * ahead: give it a stream of its own.
     *
     * @throws IOException if it is not a snapshot of this version and these amounts, does not fit in the settings'
     *     keys, or is damaged
     */
    public static FeatureEngine read(InputStream from, FeatureSettings settings) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(new BufferedInputStream(from, 1 << 16), new CRC32());
        DataInputStream in = new DataInputStream(checked);
        if (in.readLong() != MAGIC) {
            throw new IOException("not a snapshot of features of version " + Feature.VERSION);
        }
        if (in.readLong() != settings.reportingMinor() || in.readLong() != settings.smallMinor()) {
            throw new IOException("the snapshot was made with another reportingMinor or smallMinor");
        }
        FeatureEngine engine = new FeatureEngine(settings);
        try {
            engine.restore(in);
        } catch (SketchesArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("the snapshot is damaged", e);
        }
        long computed = checked.getChecksum().getValue();
        if (in.readLong() != computed) {
            throw new IOException("the snapshot is damaged: its CRC-32 differs");
        }
        return engine;
    }

    private void restore(DataInputStream in) throws IOException {
        facts = in.readLong();
        accounts.read(in);
        addresses.read(in);
        devices.read(in);
        entities.read(in);
        pairs.read(in);
        graph.read(in);
    }
}
