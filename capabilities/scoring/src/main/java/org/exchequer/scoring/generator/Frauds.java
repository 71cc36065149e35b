package org.exchequer.scoring.generator;

import org.exchequer.scoring.features.Channel;
import org.exchequer.scoring.features.Origin;
import org.exchequer.scoring.features.PaymentType;
import org.exchequer.scoring.generator.Population.Person;

/** Fraud cases: each is planned when it begins, and its payments lie in wait on their days. */
final class Frauds {
    private static final long DAY = 24 * Honest.HOUR;
    private static final long MINUTE = 60_000;
    private static final int MILLION = 1_000_000;

    private final Population population;
    private final Chance chance;
    private final Drafts[] days;
    private int cases;

    Frauds(Population population, int days, Chance chance) {
        this.population = population;
        this.chance = chance;
        this.days = new Drafts[days];
        for (int i = 0; i < days; i++) {
            this.days[i] = new Drafts();
        }
    }

    /** Begins the cases of a day and gives all fraudulent payments that fall on it. */
    Drafts day(int day) {
        for (Typology typology : Typology.values()) {
            int ofMillion = Parameters.CASES_A_DAY.getOrDefault(typology, 0);
            double mean = (double) ofMillion * population.parties.length / MILLION;
            for (int begun = chance.poisson(mean); begun > 0; begun--) {
                cases++;
                begin(typology, day);
            }
        }
        Drafts drafts = days[day];
        days[day] = new Drafts();
        return drafts;
    }

    private void begin(Typology typology, int day) {
        long at = day * DAY + chance.below((int) DAY);
        switch (typology) {
            case ACCOUNT_TAKEOVER -> takeover(at);
            case MULE_CHAIN -> muleChain(population.abroad(chance), recruit(), at, stolen(), Typology.MULE_CHAIN);
            case STRUCTURING -> structuring(at);
            case SMURFING -> smurfing(at);
            case CARD_TESTING -> cardTesting(at);
            case FIRST_PARTY -> firstParty(at);
        }
    }

    private void takeover(long at) {
        Person victim = victim();
        // Some remote-control the customer's own device: nothing about the origin is strange then.
        Origin thief = chance.happens(0.25) ? victim.phone : population.stranger(Channel.WEB, chance);
        long balance = Math.max(20_000, population.balances[victim.account]);
        int mule = recruit();
        int payments = 1 + chance.below(4);
        long when = at;
        for (int i = 0; i < payments; i++) {
            long amount = balance * (i == 0 && chance.happens(0.4) ? 2 : 20 + chance.below(50)) / 100;
            put(when, victim.account, mule, amount, PaymentType.CREDIT_TRANSFER, thief, Typology.ACCOUNT_TAKEOVER);
            if (i == payments - 1 || chance.happens(0.4)) {
                long gap = chance.between(10, 180) * MINUTE;
                muleChain(mule, recruit(), when + gap, amount * 95 / 100, Typology.ACCOUNT_TAKEOVER);
                mule = recruit();
            }
            when += chance.between(2, 90) * MINUTE;
        }
    }

    /** Passed on two to five times, a share kept each time; at the end cash, crypto, or back to where it came from. */
    private void muleChain(int source, int first, long at, long sum, Typology typology) {
        int hops = 1 + chance.below(4);
        int holder = first;
        long left = sum;
        long when = at;
        put(when, source, first, left, PaymentType.CREDIT_TRANSFER, origin(source), typology);
        for (int hop = 0; hop < hops && left > 2_000; hop++) {
            left = left * (88 + chance.below(10)) / 100;
            when += chance.between(5, 240) * MINUTE;
            int next = recruit();
            if (next == holder) {
                continue;
            }
            put(when, holder, next, left, PaymentType.CREDIT_TRANSFER, origin(holder), typology);
            holder = next;
        }
        when += chance.between(10, 300) * MINUTE;
        left = left * 95 / 100;
        if (chance.happens(0.15) && holder != source) {
            put(when, holder, source, left, PaymentType.CREDIT_TRANSFER, origin(holder), typology);
        } else if (chance.happens(0.5)) {
            put(when, holder, population.abroad(chance), left, PaymentType.CREDIT_TRANSFER, origin(holder), typology);
        } else {
            put(
                    when,
                    holder,
                    population.firstUtility,
                    Math.max(1, left / 10_000) * 10_000,
                    PaymentType.CASH_WITHDRAWAL,
                    Origin.of(Channel.CASH_MACHINE),
                    typology);
        }
    }

    private void structuring(long at) {
        int from = chance.happens(0.5) ? population.person(chance) : chance.below(population.firstLandlord);
        int to = population.firstLandlord + chance.below(population.landlords);
        int payments = 4 + chance.below(8);
        long when = at;
        boolean cash = chance.happens(0.6);
        for (int i = 0; i < payments; i++) {
            long amount = Parameters.REPORTING_MINOR * (82 + chance.below(18)) / 100 - chance.below(3) * 5_000L;
            put(
                    when,
                    from,
                    to,
                    amount,
                    cash ? PaymentType.CASH_DEPOSIT : PaymentType.CREDIT_TRANSFER,
                    cash ? Origin.of(Channel.BRANCH) : origin(from),
                    Typology.STRUCTURING);
            when += chance.between(5, 40) * Honest.HOUR;
        }
    }

    private void smurfing(long at) {
        int source = population.person(chance);
        int collector = recruit();
        int smurfs = 6 + chance.below(12);
        for (int i = 0; i < smurfs; i++) {
            int smurf = recruit();
            if (smurf == source || smurf == collector || source == collector) {
                continue;
            }
            long amount = chance.between(40_000, 480_000);
            long out = at + chance.between(0, 10 * 60) * MINUTE;
            put(out, source, smurf, amount, PaymentType.CREDIT_TRANSFER, origin(source), Typology.SMURFING);
            long on = out + chance.between(1, 30 * 60) * MINUTE;
            long part = amount * (90 + chance.below(8)) / 100;
            put(on, smurf, collector, part, PaymentType.CREDIT_TRANSFER, origin(smurf), Typology.SMURFING);
        }
    }

    private void cardTesting(long at) {
        Person victim = victim();
        Origin robot = population.stranger(Channel.WEB, chance);
        int tests = 3 + chance.below(20);
        long when = at;
        for (int i = 0; i < tests; i++) {
            int shop = population.shop(chance);
            put(when, victim.account, shop, chance.between(20, 490), PaymentType.CARD, robot, Typology.CARD_TESTING);
            when += chance.between(5, 200) * 1_000;
        }
        int purchases = 1 + chance.below(3);
        for (int i = 0; i < purchases; i++) {
            when += chance.between(3, 400) * MINUTE;
            put(
                    when,
                    victim.account,
                    population.shop(chance),
                    (long) chance.around(60_000, 0.7),
                    PaymentType.CARD,
                    robot,
                    Typology.CARD_TESTING);
        }
    }

    private void firstParty(long at) {
        Person person = victim();
        long when = at;
        int purchases = 4 + chance.below(10);
        for (int i = 0; i < purchases; i++) {
            boolean cash = chance.happens(0.3);
            put(
                    when,
                    person.account,
                    cash ? population.abroad(chance) : population.shop(chance),
                    (long) chance.around(90_000, 0.6),
                    cash ? PaymentType.CREDIT_TRANSFER : PaymentType.CARD,
                    person.phone,
                    Typology.FIRST_PARTY);
            when += chance.between(1, 14) * Honest.HOUR;
        }
    }

    private long stolen() {
        return (long) chance.around(350_000, 0.9);
    }

    private Person victim() {
        return population.persons[chance.below(population.persons.length)];
    }

    /** Mules are more often students, but anyone may be one. */
    private int recruit() {
        int one = population.person(chance);
        int other = population.person(chance);
        return population.parties[one].type() == population.parties[other].type() || chance.happens(0.5)
                ? one
                : population.parties[one].kycLevel() < population.parties[other].kycLevel() ? one : other;
    }

    private Origin origin(int account) {
        if (account < population.firstPerson) {
            return population.system(account);
        }
        Origin phone = population.persons[account - population.firstPerson].phone;
        return chance.happens(0.1) ? population.stranger(Channel.MOBILE, chance) : phone;
    }

    private void put(
            long at, int debtor, int creditor, long amount, PaymentType type, Origin origin, Typology typology) {
        int day = (int) (at / DAY);
        if (day < days.length && debtor != creditor) {
            long most = Math.clamp(amount, 1, Parameters.REPORTING_MINOR * 50);
            days[day].add(at % DAY, debtor, creditor, most, type, origin, cases, typology);
        }
    }
}
