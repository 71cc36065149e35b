package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.exchequer.scoring.bounded.Keyed;
import org.jspecify.annotations.Nullable;

/** What is remembered of one account: about 1 kB after its first payment, 4 kB if it pays and is paid often. */
final class AccountState extends Keyed.State {
    private static final long[] NONE = {};

    /** What is remembered of an account that has paid. */
    static final class Paid {
        final Ring hour = Ring.hour();
        final Ring day = Ring.day();
        final Ring month = Ring.month();
        final Ring small = Ring.hour();
        final Ring near = Ring.month();
        int[] types = new int[PaymentType.values().length];
        int[] cells = new int[Formulas.CELLS];
        /** These grow with what is in them: most accounts pay seldom, and few payees. */
        long[] amounts = NONE;

        long[] times = NONE;
        long[] payees = NONE;
        int[] toPayees = {};
        /** Newest use last. */
        long[] devices = NONE;

        int[] fromDevices = {};
        long[] devicesAt = NONE;
        int payeeCount;
        int deviceCount;
        long count;
        long sum;
        long first = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        float latitude = Float.NaN;
        float longitude = Float.NaN;
        long locatedAt;
    }

    /** Latest time of anything that touched the account: its windows end there. */
    long clock = Long.MIN_VALUE;
    /** Latest payment in or out. */
    long active = Long.MIN_VALUE;

    @Nullable
    Paid paid;

    @Nullable
    Ring received;

    @Nullable
    Ring scores;

    long asOf(long time) {
        return Math.max(time, clock);
    }

    void pays(Event event, FeatureSettings settings) {
        long time = event.timeMillis();
        clock = Math.max(clock, time);
        active = Math.max(active, time);
        if (paid == null) {
            paid = new Paid();
        }
        Paid to = paid;
        long value = event.baseMinor();
        to.hour.add(time, value);
        to.day.add(time, value);
        to.month.add(time, value);
        if (value < settings.smallMinor()) {
            to.small.add(time, value);
        }
        if (settings.nearThreshold(value)) {
            to.near.add(time, value);
        }
        to.types[event.type().place()]++;
        int hour = Formulas.hourOfWeek(time, event.debtor().utcOffsetMinutes());
        to.cells[Formulas.cell(hour)]++;
        int place = (int) (to.count % Formulas.AMOUNTS);
        if (place == to.amounts.length) {
            to.amounts = Arrays.copyOf(to.amounts, more(place, Formulas.AMOUNTS));
            to.times = Arrays.copyOf(to.times, to.amounts.length);
        }
        to.amounts[place] = value;
        to.times[place] = time;
        to.count++;
        to.sum = Ring.plus(to.sum, value);
        to.first = Math.min(to.first, time);
        to.latest = Math.max(to.latest, time);
        Origin origin = event.origin();
        if (origin.located()) {
            to.latitude = origin.latitude();
            to.longitude = origin.longitude();
            to.locatedAt = time;
        }
        if (origin.device() != Party.UNKNOWN) {
            uses(to, origin.device(), time);
        }
    }

    void receives(Event event) {
        clock = Math.max(clock, event.timeMillis());
        active = Math.max(active, event.timeMillis());
        if (received == null) {
            received = Ring.day();
        }
        received.add(event.timeMillis(), event.baseMinor());
    }

    void scored(Score score) {
        clock = Math.max(clock, score.timeMillis());
        if (scores == null) {
            scores = Ring.month();
        }
        scores.add(score.timeMillis(), score.millionths());
    }

    /** Counts a payment to a payee in the table; false if the table is full of others. */
    boolean counted(long payee) {
        Paid to = paid;
        if (to == null) {
            throw new IllegalStateException("an account that has not paid has no payees");
        }
        int place = payee(to, payee);
        if (place == to.payeeCount) {
            if (place == Formulas.PAYEES) {
                return false;
            }
            if (place == to.payees.length) {
                to.payees = Arrays.copyOf(to.payees, more(place, Formulas.PAYEES));
                to.toPayees = Arrays.copyOf(to.toPayees, to.payees.length);
            }
            to.payees[place] = payee;
            to.payeeCount++;
        }
        to.toPayees[place]++;
        return true;
    }

    private static int more(int length, int most) {
        return Math.min(most, Math.max(2, 2 * length));
    }

    static int payee(Paid paid, long payee) {
        int place = 0;
        while (place < paid.payeeCount && paid.payees[place] != payee) {
            place++;
        }
        return place;
    }

    /** The latest amounts within 30 days of then, in order of arrival; their number. */
    static int amounts(Paid paid, long asOf, long[] into) {
        int kept = (int) Math.min(paid.count, Formulas.AMOUNTS);
        int length = 0;
        for (int i = 0; i < kept; i++) {
            int place = (int) ((paid.count - kept + i) % Formulas.AMOUNTS);
            if (asOf - paid.times[place] < FeatureEngine.MONTH_MILLIS) {
                into[length++] = paid.amounts[place];
            }
        }
        return length;
    }

    private static void uses(Paid to, long device, long time) {
        int place = 0;
        while (place < to.deviceCount && to.devices[place] != device) {
            place++;
        }
        int uses = 0;
        long at = Long.MIN_VALUE;
        if (place < to.deviceCount) {
            uses = to.fromDevices[place];
            at = to.devicesAt[place];
        } else if (to.deviceCount == Formulas.DEVICES) {
            place = 0;
        } else {
            if (place == to.devices.length) {
                to.devices = Arrays.copyOf(to.devices, more(place, Formulas.DEVICES));
                to.fromDevices = Arrays.copyOf(to.fromDevices, to.devices.length);
                to.devicesAt = Arrays.copyOf(to.devicesAt, to.devices.length);
            }
            to.deviceCount++;
        }
        for (int i = place; i < to.deviceCount - 1; i++) {
            to.devices[i] = to.devices[i + 1];
            to.fromDevices[i] = to.fromDevices[i + 1];
            to.devicesAt[i] = to.devicesAt[i + 1];
        }
        to.devices[to.deviceCount - 1] = device;
        to.fromDevices[to.deviceCount - 1] = uses + 1;
        to.devicesAt[to.deviceCount - 1] = Math.max(at, time);
    }

    @Override
    protected void write(DataOutput out) throws IOException {
        out.writeLong(clock);
        out.writeLong(active);
        out.writeByte((paid == null ? 0 : 1) | (received == null ? 0 : 2) | (scores == null ? 0 : 4));
        if (paid != null) {
            write(out, paid);
        }
        if (received != null) {
            received.write(out);
        }
        if (scores != null) {
            scores.write(out);
        }
    }

    @Override
    protected void read(DataInput in) throws IOException {
        clock = in.readLong();
        active = in.readLong();
        int parts = in.readByte();
        if ((parts & 1) != 0) {
            paid = readPaid(in);
        }
        if ((parts & 2) != 0) {
            received = Ring.day().read(in);
        }
        if ((parts & 4) != 0) {
            scores = Ring.month().read(in);
        }
    }

    private static void write(DataOutput out, Paid paid) throws IOException {
        for (Ring ring : new Ring[] {paid.hour, paid.day, paid.month, paid.small, paid.near}) {
            ring.write(out);
        }
        write(out, paid.types, paid.types.length);
        write(out, paid.cells, paid.cells.length);
        write(out, paid.toPayees, Formulas.PAYEES);
        write(out, paid.fromDevices, Formulas.DEVICES);
        write(out, paid.amounts, Formulas.AMOUNTS);
        write(out, paid.times, Formulas.AMOUNTS);
        write(out, paid.payees, Formulas.PAYEES);
        write(out, paid.devices, Formulas.DEVICES);
        write(out, paid.devicesAt, Formulas.DEVICES);
        out.writeInt(paid.payeeCount);
        out.writeInt(paid.deviceCount);
        out.writeLong(paid.count);
        out.writeLong(paid.sum);
        out.writeLong(paid.first);
        out.writeLong(paid.latest);
        out.writeFloat(paid.latitude);
        out.writeFloat(paid.longitude);
        out.writeLong(paid.locatedAt);
    }

    /** So many, whether there are that many or not. */
    private static void write(DataOutput out, int[] numbers, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            out.writeInt(i < numbers.length ? numbers[i] : 0);
        }
    }

    private static void write(DataOutput out, long[] numbers, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            out.writeLong(i < numbers.length ? numbers[i] : 0);
        }
    }

    private static int[] ints(DataInput in, int length) throws IOException {
        int[] numbers = new int[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = in.readInt();
        }
        return numbers;
    }

    private static long[] longs(DataInput in, int length) throws IOException {
        long[] numbers = new long[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = in.readLong();
        }
        return numbers;
    }

    private static Paid readPaid(DataInput in) throws IOException {
        Paid paid = new Paid();
        for (Ring ring : new Ring[] {paid.hour, paid.day, paid.month, paid.small, paid.near}) {
            ring.read(in);
        }
        paid.types = ints(in, paid.types.length);
        paid.cells = ints(in, paid.cells.length);
        int[] toPayees = ints(in, Formulas.PAYEES);
        int[] fromDevices = ints(in, Formulas.DEVICES);
        long[] amounts = longs(in, Formulas.AMOUNTS);
        long[] times = longs(in, Formulas.AMOUNTS);
        long[] payees = longs(in, Formulas.PAYEES);
        long[] devices = longs(in, Formulas.DEVICES);
        long[] devicesAt = longs(in, Formulas.DEVICES);
        paid.payeeCount = in.readInt();
        paid.deviceCount = in.readInt();
        paid.count = in.readLong();
        paid.sum = in.readLong();
        paid.first = in.readLong();
        paid.latest = in.readLong();
        paid.latitude = in.readFloat();
        paid.longitude = in.readFloat();
        paid.locatedAt = in.readLong();
        if (paid.payeeCount < 0
                || paid.payeeCount > Formulas.PAYEES
                || paid.deviceCount < 0
                || paid.deviceCount > Formulas.DEVICES
                || paid.count < 0) {
            throw new IOException("a snapshot with more payees or devices than an account remembers");
        }
        int kept = (int) Math.min(paid.count, Formulas.AMOUNTS);
        paid.amounts = Arrays.copyOf(amounts, kept);
        paid.times = Arrays.copyOf(times, kept);
        paid.payees = Arrays.copyOf(payees, paid.payeeCount);
        paid.toPayees = Arrays.copyOf(toPayees, paid.payeeCount);
        paid.devices = Arrays.copyOf(devices, paid.deviceCount);
        paid.fromDevices = Arrays.copyOf(fromDevices, paid.deviceCount);
        paid.devicesAt = Arrays.copyOf(devicesAt, paid.deviceCount);
        return paid;
    }
}
