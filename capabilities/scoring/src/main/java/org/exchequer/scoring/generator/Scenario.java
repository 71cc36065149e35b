package org.exchequer.scoring.generator;

import java.time.LocalDate;
import java.util.function.Consumer;
import org.exchequer.scoring.features.Event;

/**
 * A made-up country's payments: salaries, rents, shops by hour and weekday, families, firms, travellers, new
 * devices, and among them fraud. The same seed, accounts and days give the same events and labels on every machine.
 */
public final class Scenario {
    /** Fewest accounts that make a country. */
    public static final int LEAST_ACCOUNTS = 100;

    /** Most accounts of a country. */
    public static final int MOST_ACCOUNTS = 5_000_000;

    /** Longest time, about ten years. */
    public static final int MOST_DAYS = 3_660;

    private static final long DAY_MILLIS = 86_400_000;

    private Scenario() {}

    /**
     * Makes all payments in order of time, each followed by its label if it is fraud.
     *
     * @param seed any number
     * @param accounts {@link #LEAST_ACCOUNTS} to {@link #MOST_ACCOUNTS}
     * @param days 1 to {@link #MOST_DAYS}, from Monday 2026-01-05
     * @param events gets the payments, with ids from 1
     * @param labels gets the truth about fraudulent ones
     */
    public static void generate(
            long seed, int accounts, int days, Consumer<? super Event> events, Consumer<? super Label> labels) {
        if (accounts < LEAST_ACCOUNTS || accounts > MOST_ACCOUNTS) {
            throw new IllegalArgumentException(
                    "accounts must be from " + LEAST_ACCOUNTS + " to " + MOST_ACCOUNTS + ", not " + accounts);
        }
        if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException("days must be from 1 to " + MOST_DAYS + ", not " + days);
        }
        Population population = new Population(accounts, new Chance(seed));
        // Streams of their own: more fraud does not change what honest people do.
        Honest honest = new Honest(population, new Chance(seed ^ 0x5DEECE66DL));
        Frauds frauds = new Frauds(population, days, new Chance(seed ^ 0x2545F4914F6CDD1DL));
        long id = 0;
        for (int day = 0; day < days; day++) {
            Drafts drafts = frauds.day(day);
            honest.day(day, LocalDate.ofEpochDay(Parameters.FIRST_DAY + day), drafts);
            id = emit(population, drafts, (Parameters.FIRST_DAY + day) * DAY_MILLIS, id, events, labels);
        }
    }

    private static long emit(
            Population population,
            Drafts drafts,
            long midnight,
            long before,
            Consumer<? super Event> events,
            Consumer<? super Label> labels) {
        long id = before;
        for (int place : drafts.order()) {
            int debtor = drafts.debtors[place];
            int creditor = drafts.creditors[place];
            long amount = drafts.amounts[place];
            long balance = population.balances[debtor];
            id++;
            events.accept(new Event(
                    id,
                    midnight + drafts.millis[place],
                    population.parties[debtor],
                    population.parties[creditor],
                    amount,
                    Parameters.CURRENCY,
                    amount,
                    drafts.types[place],
                    population.categories[creditor],
                    balance,
                    drafts.origins[place]));
            // Nobody falls far below zero: what is missing comes from savings that are not seen.
            population.balances[debtor] = Math.max(balance - amount, -50_000);
            population.balances[creditor] += amount;
            Typology typology = drafts.typologies[place];
            if (typology != null) {
                labels.accept(new Label(id, typology, drafts.cases[place]));
            }
        }
        return id;
    }
}
