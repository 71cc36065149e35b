package org.exchequer.scoring.generator;

import java.time.DayOfWeek;
import java.time.LocalDate;
import org.exchequer.scoring.features.Channel;
import org.exchequer.scoring.features.Origin;
import org.exchequer.scoring.features.PaymentType;
import org.exchequer.scoring.generator.Population.Person;

/** What honest people and firms pay in a day, with the oddities that make honest payments look strange. */
final class Honest {
    static final long HOUR = 3_600_000;
    private static final long MINUTE = 60_000;
    private static final int CASH_HUNDREDS = 5;

    private final Population population;
    private final Chance chance;
    private final int[] working = Chance.sums(Parameters.WORKING_HOURS);
    private final int[] weekend = Chance.sums(Parameters.WEEKEND_HOURS);

    Honest(Population population, Chance chance) {
        this.population = population;
        this.chance = chance;
    }

    void day(int day, LocalDate date, Drafts drafts) {
        boolean free = date.getDayOfWeek().getValue() >= DayOfWeek.SATURDAY.getValue();
        int[] hours = free ? weekend : working;
        for (Person person : population.persons) {
            changes(person, day);
            monthly(person, date, drafts);
            int payments = chance.poisson(person.activity);
            for (int i = 0; i < payments; i++) {
                pays(person, day, moment(hours), drafts);
            }
            oddities(person, day, hours, drafts);
        }
        if (!free) {
            firms(drafts);
        }
    }

    private void changes(Person person, int day) {
        if (chance.happens(Parameters.NEW_DEVICE)) {
            person.phone = population.newDevice(person.phone, chance);
        }
        if (day > person.travelUntil && chance.happens(Parameters.TRAVEL)) {
            person.travelUntil = day + 1 + chance.below(Parameters.MOST_TRAVEL_DAYS);
            person.abroad = population.travelling(person.phone, chance);
        }
    }

    private void monthly(Person person, LocalDate date, Drafts drafts) {
        if (date.getDayOfMonth() == person.payday) {
            drafts.add(
                    chance.between(5 * HOUR, 6 * HOUR),
                    person.employer,
                    person.account,
                    person.salary,
                    PaymentType.CREDIT_TRANSFER,
                    population.system(person.employer));
        }
        if (date.getDayOfMonth() == 1 + person.account % 3) {
            drafts.add(
                    chance.between(4 * HOUR, 5 * HOUR),
                    person.account,
                    person.landlord,
                    person.rent,
                    PaymentType.STANDING_ORDER,
                    population.system(person.account));
        }
        if (date.getDayOfMonth() == 5 + person.account % 20) {
            int utility = population.firstUtility + person.account % population.utilities;
            drafts.add(
                    chance.between(3 * HOUR, 8 * HOUR),
                    person.account,
                    utility,
                    (long) chance.around(6_500, 0.3),
                    PaymentType.DIRECT_DEBIT,
                    population.system(utility));
        }
    }

    private void pays(Person person, int day, long milli, Drafts drafts) {
        Origin phone = phone(person, day);
        if (chance.happens(Parameters.FAMILY_TRANSFER)) {
            int other = person.family[chance.below(person.family.length)];
            if (other != person.account) {
                long round = 1_000 * chance.between(1, 20);
                drafts.add(milli, person.account, other, round, PaymentType.CREDIT_TRANSFER, phone);
            }
            return;
        }
        boolean fresh = chance.happens(Parameters.NEW_SHOP);
        int shop = fresh ? population.shop(chance) : person.favourites[chance.below(person.favourites.length)];
        if (chance.happens(0.04)) {
            Origin machine = chance.happens(0.5) ? person.card : Origin.of(Channel.CASH_MACHINE);
            drafts.add(
                    milli,
                    person.account,
                    population.firstUtility,
                    1_000 * CASH_HUNDREDS * chance.between(1, 8),
                    PaymentType.CASH_WITHDRAWAL,
                    machine);
            return;
        }
        boolean atCounter = day > person.travelUntil && chance.happens(0.65);
        Origin origin = atCounter ? person.card : phone;
        drafts.add(milli, person.account, shop, (long) chance.around(2_200, 0.9), PaymentType.CARD, origin);
    }

    private void oddities(Person person, int day, int[] hours, Drafts drafts) {
        if (chance.happens(Parameters.BIG_PURCHASE)) {
            boolean toPerson = chance.happens(0.4);
            int payee = toPerson ? population.person(chance) : population.shop(chance);
            if (payee != person.account) {
                drafts.add(
                        moment(hours),
                        person.account,
                        payee,
                        chance.happens(0.3) ? 100_000 * chance.between(1, 9) : (long) chance.around(150_000, 0.8),
                        toPerson ? PaymentType.CREDIT_TRANSFER : PaymentType.CARD,
                        phone(person, day));
            }
        }
        if (chance.happens(Parameters.EMPTIED_ACCOUNT)) {
            int savings = population.abroad(chance);
            long all = population.balances[person.account] * (50 + chance.below(45)) / 100;
            drafts.add(moment(hours), person.account, savings, all, PaymentType.CREDIT_TRANSFER, phone(person, day));
        }
        if (chance.happens(Parameters.ONE_OFF_TRANSFER)) {
            oneOff(person, moment(hours), phone(person, day), drafts);
        }
        if (chance.happens(Parameters.FRIENDS_CIRCLE)) {
            circle(person, moment(hours), drafts);
        }
    }

    /** To a private seller, a craftsman, a club: once, of any size, as an invoice says or in round sums. */
    private void oneOff(Person person, long milli, Origin origin, Drafts drafts) {
        int payee = chance.happens(0.6) ? population.person(chance) : chance.below(population.firstPerson);
        long amount = (long) chance.around(18_000, 1.2);
        long paid = chance.happens(0.4) ? Math.max(1, amount / 1_000) * 1_000 : amount;
        if (payee != person.account) {
            drafts.add(milli, person.account, payee, Math.max(1, paid), PaymentType.CREDIT_TRANSFER, origin);
        }
    }

    /** Friends settle what they lent each other, sometimes in a circle. */
    private void circle(Person person, long milli, Drafts drafts) {
        int first = person.account;
        int second = population.person(chance);
        int third = population.person(chance);
        if (first == second || second == third || third == first) {
            return;
        }
        long amount = chance.between(1_000, 9_000);
        long at = Math.min(milli, 20 * HOUR);
        drafts.add(at, first, second, amount, PaymentType.CREDIT_TRANSFER, person.phone);
        Person next = population.persons[second - population.firstPerson];
        drafts.add(at + HOUR, second, third, amount, PaymentType.CREDIT_TRANSFER, next.phone);
        Person last = population.persons[third - population.firstPerson];
        drafts.add(at + 2 * HOUR, third, first, amount, PaymentType.CREDIT_TRANSFER, last.phone);
    }

    private void firms(Drafts drafts) {
        for (int firm = 0; firm < population.firstUtility; firm++) {
            int payments = chance.poisson(firm < population.firstShop ? 2 : 0.4);
            for (int i = 0; i < payments; i++) {
                int supplier = chance.happens(0.1) ? population.abroad(chance) : chance.below(population.firstLandlord);
                if (supplier != firm) {
                    drafts.add(
                            chance.between(7 * HOUR, 17 * HOUR),
                            firm,
                            supplier,
                            (long) chance.around(180_000, 1),
                            PaymentType.CREDIT_TRANSFER,
                            population.system(firm));
                }
            }
            if (firm >= population.firstShop && firm < population.firstLandlord && chance.happens(0.1)) {
                // Takings of cash go to the shop's other account, whatever they come to.
                drafts.add(
                        chance.between(17 * HOUR, 19 * HOUR),
                        firm,
                        population.firstLandlord + firm % population.landlords,
                        (long) chance.around(350_000, 0.6),
                        PaymentType.CASH_DEPOSIT,
                        Origin.of(Channel.BRANCH));
            }
        }
    }

    Origin phone(Person person, int day) {
        Origin home = day <= person.travelUntil ? person.abroad : person.phone;
        return day > person.travelUntil && chance.happens(0.4) ? population.mobile(home, chance) : home;
    }

    /** Milliseconds of the day in UTC; what falls before midnight there is moved past it. */
    long moment(int[] hours) {
        long local = chance.weighted(hours) * HOUR + chance.below((int) HOUR);
        return Math.max(0, local - Parameters.OFFSET_MINUTES * MINUTE);
    }
}
