package org.exchequer.scoring.generator;

import org.exchequer.scoring.features.AccountType;
import org.exchequer.scoring.features.Channel;
import org.exchequer.scoring.features.Origin;
import org.exchequer.scoring.features.Party;

/** The accounts of the country: employers, shops, landlords, utilities, some abroad, and persons, in this order. */
final class Population {
    private static final String[] FOREIGN = {"PL", "GB", "US", "TR", "RO", "AE", "VN", "NG", "LT", "CY"};
    private static final int YEARS_DAYS = 6_000;

    final int employers;
    final int shops;
    final int landlords;
    final int utilities;
    final int abroad;
    /** First place of each kind; persons begin at the last. */
    final int firstShop;

    final int firstLandlord;
    final int firstUtility;
    final int firstAbroad;
    final int firstPerson;
    final Party[] parties;
    final int[] categories;
    final long[] balances;
    final Person[] persons;
    private final float[] latitudes = new float[Parameters.CITIES];
    private final float[] longitudes = new float[Parameters.CITIES];
    private final long[] carrier;
    private final Origin[] systems;

    /** What a person does every day and month. */
    static final class Person {
        int account;
        int employer;
        long salary;
        int payday;
        int landlord;
        long rent;
        double activity;
        int[] favourites = {};
        int[] family = {};
        Origin phone = Origin.of(Channel.MOBILE);
        Origin card = Origin.of(Channel.POINT_OF_SALE);
        int travelUntil = -1;
        Origin abroad = phone;
    }

    Population(int accounts, Chance chance) {
        employers = Math.max(4, accounts * Parameters.EMPLOYERS / 1000);
        shops = Math.max(16, accounts * Parameters.SHOPS / 1000);
        landlords = Math.max(4, accounts * Parameters.LANDLORDS / 1000);
        utilities = Math.max(2, accounts * Parameters.UTILITIES / 1000);
        abroad = Math.max(4, accounts * Parameters.ABROAD / 1000);
        firstShop = employers;
        firstLandlord = firstShop + shops;
        firstUtility = firstLandlord + landlords;
        firstAbroad = firstUtility + utilities;
        firstPerson = firstAbroad + abroad;
        parties = new Party[accounts];
        categories = new int[accounts];
        balances = new long[accounts];
        systems = new Origin[accounts];
        persons = new Person[accounts - firstPerson];
        carrier = new long[Math.max(2, accounts * Parameters.CARRIER_ADDRESSES_PER_THOUSAND / 1000)];
        for (int i = 0; i < carrier.length; i++) {
            carrier[i] = chance.pseudonym();
        }
        for (int i = 0; i < Parameters.CITIES; i++) {
            latitudes[i] = chance.share(47.6, 54.4);
            longitudes[i] = chance.share(6.2, 14.8);
        }
        for (int i = 0; i < accounts; i++) {
            open(i, chance);
        }
        for (int i = 0; i < persons.length; i++) {
            persons[i] = person(i, chance);
        }
    }

    int person(Chance chance) {
        return firstPerson + chance.below(persons.length);
    }

    /** Popular shops are much more so: the square of a uniform draw. */
    int shop(Chance chance) {
        double draw = chance.share(0, 1);
        return firstShop + Math.min(shops - 1, (int) (draw * draw * shops));
    }

    int abroad(Chance chance) {
        return firstAbroad + chance.below(abroad);
    }

    /** Where a company's systems order from. */
    Origin system(int account) {
        return systems[account];
    }

    /** A device and address nobody has seen. */
    Origin stranger(Channel channel, Chance chance) {
        boolean foreign = chance.happens(0.6);
        boolean hidden = chance.happens(0.5);
        int city = chance.below(Parameters.CITIES);
        return new Origin(
                channel,
                chance.pseudonym(),
                chance.pseudonym(),
                foreign && !hidden ? FOREIGN[chance.below(FOREIGN.length)] : Parameters.COUNTRY,
                foreign ? chance.share(5, 60) : latitudes[city],
                foreign ? chance.share(-80, 105) : longitudes[city],
                chance.happens(0.5) ? Parameters.OFFSET_MINUTES : (int) chance.between(-5, 9) * 60,
                hidden ? 1 : 0,
                chance.share(0.1, 0.8),
                chance.share(0.05, 0.75));
    }

    /** The same customer on a new device, at home. */
    Origin newDevice(Origin old, Chance chance) {
        return new Origin(
                old.channel(),
                chance.pseudonym(),
                old.ip(),
                old.country(),
                old.latitude(),
                old.longitude(),
                old.utcOffsetMinutes(),
                old.hidden(),
                old.reputation(),
                chance.share(0.6, 1));
    }

    /** The same device somewhere else. */
    Origin travelling(Origin home, Chance chance) {
        return new Origin(
                home.channel(),
                home.device(),
                chance.pseudonym(),
                FOREIGN[chance.below(FOREIGN.length)],
                chance.share(5, 60),
                chance.share(-80, 105),
                (int) chance.between(-5, 9) * 60,
                chance.happens(0.2) ? 1 : 0,
                chance.share(0.4, 0.9),
                chance.share(0.6, 1));
    }

    /** At home over the telephone network, where many share an address. */
    Origin mobile(Origin home, Chance chance) {
        return new Origin(
                home.channel(),
                home.device(),
                carrier[chance.below(carrier.length)],
                home.country(),
                home.latitude(),
                home.longitude(),
                home.utcOffsetMinutes(),
                home.hidden(),
                home.reputation(),
                home.behaviour());
    }

    private void open(int account, Chance chance) {
        boolean foreign = account >= firstAbroad && account < firstPerson;
        AccountType type = type(account, chance);
        boolean firm = account < firstPerson;
        parties[account] = new Party(
                chance.pseudonym(),
                chance.pseudonym(),
                type,
                (int) Parameters.FIRST_DAY - 5 - chance.below(type == AccountType.STUDENT ? 900 : YEARS_DAYS),
                foreign ? -1 : firm || chance.happens(0.7) ? 3 : 1 + chance.below(2),
                foreign ? FOREIGN[chance.below(FOREIGN.length)] : Parameters.COUNTRY,
                Parameters.OFFSET_MINUTES,
                firm ? 0 : chance.happens(0.5) ? 500_000 : 2_000_000);
        if (account >= firstShop && account < firstLandlord) {
            categories[account] = Parameters.SHOP_CATEGORIES[chance.below(Parameters.SHOP_CATEGORIES.length)];
        } else if (foreign && chance.happens(0.5)) {
            categories[account] = chance.happens(0.5) ? Parameters.CRYPTO : Parameters.WIRES;
        }
        balances[account] = (long) chance.around(firm ? 20_000_000 : 250_000, 1);
        int city = chance.below(Parameters.CITIES);
        systems[account] = new Origin(
                Channel.INTERFACE,
                chance.pseudonym(),
                chance.pseudonym(),
                parties[account].country(),
                latitudes[city],
                longitudes[city],
                Parameters.OFFSET_MINUTES,
                0,
                chance.share(0.7, 1),
                Float.NaN);
    }

    private AccountType type(int account, Chance chance) {
        if (account < firstShop || (account >= firstLandlord && account < firstAbroad)) {
            return AccountType.BUSINESS;
        }
        if (account < firstLandlord) {
            return AccountType.MERCHANT;
        }
        if (account < firstPerson) {
            return chance.happens(0.4) ? AccountType.PAYMENT_FIRM : AccountType.PERSONAL;
        }
        return chance.happens(0.12) ? AccountType.STUDENT : AccountType.PERSONAL;
    }

    private Person person(int place, Chance chance) {
        Person person = new Person();
        person.account = firstPerson + place;
        boolean student = parties[person.account].type() == AccountType.STUDENT;
        person.employer = chance.below(employers);
        person.salary = (long) chance.around(student ? 90_000 : 260_000, 0.35);
        person.payday = 24 + chance.below(4);
        person.landlord = firstLandlord + chance.below(landlords);
        person.rent = person.salary * (25 + chance.below(20)) / 100;
        person.activity = chance.around(Parameters.PAYMENTS_A_DAY, Parameters.SPREAD_OF_ACTIVITY);
        person.favourites = new int[Parameters.FAVOURITES];
        for (int i = 0; i < person.favourites.length; i++) {
            person.favourites[i] = shop(chance);
        }
        // Neighbours in the list are families, so that their payments stay among them.
        int first = firstPerson + place / 4 * 4;
        int size = Math.min(4, parties.length - first);
        person.family = new int[size];
        for (int i = 0; i < size; i++) {
            person.family[i] = first + i;
        }
        int city = place / 4 % Parameters.CITIES;
        Origin home = new Origin(
                Channel.MOBILE,
                chance.pseudonym(),
                place % 4 == 0 ? chance.pseudonym() : persons[place / 4 * 4].phone.ip(),
                Parameters.COUNTRY,
                latitudes[city] + chance.share(-0.1, 0.1),
                longitudes[city] + chance.share(-0.1, 0.1),
                Parameters.OFFSET_MINUTES,
                chance.happens(Parameters.HIDDEN_ADDRESS) ? 1 : 0,
                chance.share(0.5, 1),
                chance.share(0.7, 1));
        person.phone = home;
        person.card = new Origin(
                Channel.POINT_OF_SALE,
                0,
                0,
                Parameters.COUNTRY,
                home.latitude(),
                home.longitude(),
                Origin.UNKNOWN_OFFSET,
                -1,
                Float.NaN,
                Float.NaN);
        return person;
    }
}
