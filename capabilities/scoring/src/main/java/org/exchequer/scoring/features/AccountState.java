package org.exchequer.scoring.features;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.exchequer.scoring.bounded.Keyed;
import org.jspecify.annotations.Nullable;

/** What is remembered of one account: about 4 kB if it pays and is paid, less than 1 kB if it is only paid. */
final class AccountState extends Keyed.State {
    /** What is remembered of an account that has paid. */
    static final class Paid {
        final Ring hour = Ring.hour();
        final Ring day = Ring.day();
        final Ring month = Ring.month();
        final Ring small = Ring.hour();
        final Ring near = Ring.month();
        final int[] types = new int[PaymentType.values().length];
        final int[] cells = new int[Formulas.CELLS];
        final long[] amounts = new long[Formulas.AMOUNTS];
        final long[] times = new long[Formulas.AMOUNTS];
        final long[] payees = new long[Formulas.PAYEES];
        final int[] toPayees = new int[Formulas.PAYEES];
        /** Newest use last. */
        final long[] devices = new long[Formulas.DEVICES];

        final int[] fromDevices = new int[Formulas.DEVICES];
        final long[] devicesAt = new long[Formulas.DEVICES];
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
            to.payees[place] = payee;
            to.payeeCount++;
        }
        to.toPayees[place]++;
        return true;
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
        for (int[] numbers : new int[][] {paid.types, paid.cells, paid.toPayees, paid.fromDevices}) {
            for (int number : numbers) {
                out.writeInt(number);
            }
        }
        for (long[] numbers : new long[][] {paid.amounts, paid.times, paid.payees, paid.devices, paid.devicesAt}) {
            for (long number : numbers) {
                out.writeLong(number);
            }
        }
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

    private static Paid readPaid(DataInput in) throws IOException {
        Paid paid = new Paid();
        for (Ring ring : new Ring[] {paid.hour, paid.day, paid.month, paid.small, paid.near}) {
            ring.read(in);
        }
        for (int[] numbers : new int[][] {paid.types, paid.cells, paid.toPayees, paid.fromDevices}) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readInt();
            }
        }
        for (long[] numbers : new long[][] {paid.amounts, paid.times, paid.payees, paid.devices, paid.devicesAt}) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readLong();
            }
        }
        paid.payeeCount = in.readInt();
        paid.deviceCount = in.readInt();
        paid.count = in.readLong();
        paid.sum = in.readLong();
        paid.first = in.readLong();
        paid.latest = in.readLong();
        paid.latitude = in.readFloat();
        paid.longitude = in.readFloat();
        paid.locatedAt = in.readLong();
        if (Arrays.stream(new int[] {paid.payeeCount - Formulas.PAYEES, paid.deviceCount - Formulas.DEVICES})
                .anyMatch(beyond -> beyond > 0)) {
            throw new IOException("a snapshot with more payees or devices than an account remembers");
        }
        return paid;
    }
}
