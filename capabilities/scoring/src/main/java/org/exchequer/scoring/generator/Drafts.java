package org.exchequer.scoring.generator;

import java.util.Arrays;
import org.exchequer.scoring.features.Origin;
import org.exchequer.scoring.features.PaymentType;
import org.jspecify.annotations.Nullable;

/** The payments of a day before they are put in order: columns, because there are millions. */
final class Drafts {
    private static final int FIRST = 1024;
    private static final int PLACE_BITS = 32;

    int size;
    long[] millis = new long[FIRST];
    int[] debtors = new int[FIRST];
    int[] creditors = new int[FIRST];
    long[] amounts = new long[FIRST];
    PaymentType[] types = new PaymentType[FIRST];
    Origin[] origins = new Origin[FIRST];
    int[] cases = new int[FIRST];
    /** Null of honest payments. */
    @Nullable
    Typology[] typologies = new Typology[FIRST];

    /** An honest payment at so many milliseconds of the day. */
    void add(long milli, int debtor, int creditor, long amount, PaymentType type, Origin origin) {
        add(milli, debtor, creditor, amount, type, origin, 0, null);
    }

    void add(
            long milli,
            int debtor,
            int creditor,
            long amount,
            PaymentType type,
            Origin origin,
            int caseNumber,
            @Nullable Typology typology) {
        if (size == millis.length) {
            grow();
        }
        millis[size] = milli;
        debtors[size] = debtor;
        creditors[size] = creditor;
        amounts[size] = Math.max(1, amount);
        types[size] = type;
        origins[size] = origin;
        cases[size] = caseNumber;
        typologies[size++] = typology;
    }

    /** Places in order of time. */
    int[] order() {
        long[] keys = new long[size];
        for (int i = 0; i < size; i++) {
            keys[i] = millis[i] << PLACE_BITS | i;
        }
        Arrays.sort(keys);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    private void grow() {
        int length = 2 * size;
        millis = Arrays.copyOf(millis, length);
        debtors = Arrays.copyOf(debtors, length);
        creditors = Arrays.copyOf(creditors, length);
        amounts = Arrays.copyOf(amounts, length);
        types = Arrays.copyOf(types, length);
        origins = Arrays.copyOf(origins, length);
        cases = Arrays.copyOf(cases, length);
        typologies = Arrays.copyOf(typologies, length);
    }
}
