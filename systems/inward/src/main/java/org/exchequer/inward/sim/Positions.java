package org.exchequer.inward.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.exchequer.inward.partner.Liquidity.Approved;
import org.exchequer.inward.partner.Liquidity.Decision;
import org.exchequer.inward.partner.Liquidity.Declined;
import org.exchequer.inward.partner.Liquidity.Reason;
import org.exchequer.inward.partner.Liquidity.State;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * Positions of banks and what is reserved of them. Of each position, what it opened with is always what is available,
 * reserved and used together.
 *
 * <p>Open reservations are all kept; of ended ones the newest 200,000, and then their payments are forgotten.
 */
public final class Positions {
    private static final Pattern REFERENCE = Pattern.compile("LQ-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MOST_ENDED = 200_000;
    private static final int MOST_POSITIONS = 10_000;

    /**
     * A bank's position in one currency, in minor units.
     *
     * @param opening what it was given, all in all
     * @param reserved for payments under way
     * @param used by payments that were carried out
     * @param open reservations
     */
    public record Position(
            String bic8, String currency, long opening, long available, long reserved, long used, int open) {
        /** Whether nothing was lost or made. */
        public boolean conserved() {
            return opening == available + reserved + used && available >= 0 && reserved >= 0 && used >= 0;
        }
    }

    private static final class Account {
        private long opening;
        private long available;
        private long reserved;
        private long used;
        private int open;
    }

    private record Slot(String bic8, String currency) {}

    private static final class Reservation {
        private final UUID payment;
        private final Slot slot;
        private final long amount;
        private @Nullable State ended;

        Reservation(UUID payment, Slot slot, long amount, @Nullable State ended) {
            this.payment = payment;
            this.slot = slot;
            this.amount = amount;
            this.ended = ended;
        }
    }

    private final Map<Slot, Account> accounts = new HashMap<>();
    private final Map<UUID, Reservation> reservations = new HashMap<>();
    private final Queue<UUID> endedOrder = new ArrayDeque<>();
    private final long standard;

    /** @param standard what a bank opens with that was not set, in minor units of any currency; 0 for no position */
    public Positions(long standard) {
        this.standard = standard;
    }

    /** Gives a bank what makes so much available, or takes it away. */
    public synchronized void set(String bic8, String currency, long available) {
        Account account = accounts.computeIfAbsent(new Slot(bic8, currency), key -> new Account());
        account.opening = Math.addExact(account.opening, Math.subtractExact(available, account.available));
        account.available = available;
    }

    synchronized Decision reserve(UUID payment, String bic, Money amount) {
        Slot slot = new Slot(bic.substring(0, 8), amount.currency().code());
        Reservation known = reservations.get(payment);
        if (known != null) {
            return again(known, slot, amount);
        }
        Account account = account(slot);
        if (account == null) {
            return new Declined(Reason.NO_POSITION, "no position in " + slot.currency());
        }
        if (account.available < amount.minorUnits()) {
            return new Declined(Reason.INSUFFICIENT, "the position does not cover it");
        }
        account.available -= amount.minorUnits();
        account.reserved += amount.minorUnits();
        account.open++;
        reservations.put(payment, new Reservation(payment, slot, amount.minorUnits(), null));
        return new Approved(reference(payment), new Money(account.available, amount.currency()));
    }

    private Decision again(Reservation known, Slot slot, Money amount) {
        if (known.amount == 0 && known.ended == State.RELEASED) {
            return new Declined(Reason.CANCELLED, "the payment was cancelled");
        }
        if (!known.slot.equals(slot) || known.amount != amount.minorUnits()) {
            return new Declined(Reason.ANOTHER_RESERVATION, "the payment has a reservation of another bank or amount");
        }
        if (known.ended == State.RELEASED) {
            return new Declined(Reason.CANCELLED, "the reservation was released");
        }
        Account account = accounts.get(slot);
        return new Approved(
                reference(known.payment),
                new Money(account == null ? 0 : account.available, Currency.of(slot.currency())));
    }

    private @Nullable Account account(Slot slot) {
        Account account = accounts.get(slot);
        if (account == null && standard > 0 && accounts.size() < MOST_POSITIONS) {
            account = new Account();
            account.opening = standard;
            account.available = standard;
            accounts.put(slot, account);
        }
        return account;
    }

    synchronized State end(String reference, State how) {
        UUID payment = payment(reference);
        Reservation reservation = payment == null ? null : reservations.get(payment);
        return reservation == null || reservation.amount == 0 ? State.UNKNOWN : end(reservation, how);
    }

    synchronized State cancel(UUID payment) {
        Reservation reservation = reservations.get(payment);
        if (reservation != null) {
            return end(reservation, State.RELEASED);
        }
        // So that a request that is still under way comes too late.
        reservations.put(payment, new Reservation(payment, new Slot("", ""), 0, State.RELEASED));
        remember(payment);
        return State.RELEASED;
    }

    private State end(Reservation reservation, State how) {
        State ended = reservation.ended;
        if (ended != null) {
            return ended;
        }
        Account account = accounts.get(reservation.slot);
        if (account == null) {
            throw new IllegalStateException("a reservation without a position");
        }
        account.reserved -= reservation.amount;
        account.open--;
        if (how == State.CONFIRMED) {
            account.used += reservation.amount;
        } else {
            account.available += reservation.amount;
        }
        reservation.ended = how;
        remember(reservation.payment);
        return how;
    }

    private void remember(UUID payment) {
        endedOrder.add(payment);
        if (endedOrder.size() > MOST_ENDED) {
            reservations.remove(endedOrder.remove());
        }
    }

    /** All positions, by bank and currency. */
    public synchronized List<Position> positions() {
        Map<String, Position> sorted = new TreeMap<>();
        accounts.forEach((slot, account) -> sorted.put(
                slot.bic8() + slot.currency(),
                new Position(
                        slot.bic8(),
                        slot.currency(),
                        account.opening,
                        account.available,
                        account.reserved,
                        account.used,
                        account.open)));
        return new ArrayList<>(sorted.values());
    }

    private static String reference(UUID payment) {
        return "LQ-" + payment;
    }

    private static @Nullable UUID payment(String reference) {
        return REFERENCE.matcher(reference).matches() ? UUID.fromString(reference.substring(3)) : null;
    }
}
