package org.exchequer.ledger.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;

/**
 * Seeded command streams over a small world, so that accounts collide, limits are met, and every kind of mistake is
 * made: about half of all commands should be refused.
 */
public final class CommandGenerator {
    private static final Currency[] CURRENCIES = {Currency.of("EUR"), Currency.of("JPY"), Currency.of("BHD")};

    private final RandomGenerator random;
    private final int world;
    private long issued;

    /** @param world how many account codes there are to choose from */
    public CommandGenerator(RandomGenerator random, int world) {
        this.random = random;
        this.world = world;
    }

    public Command next() {
        issued++;
        String key = "k" + issued;
        int dice = random.nextInt(100);
        if (issued <= world / 2 || dice < 4) {
            return new Command.OpenAccount(key, spec());
        }
        if (dice < 8) {
            AccountState[] states = AccountState.values();
            return switch (random.nextInt(3)) {
                case 0 -> new Command.ChangeAccount(key, code(), states[random.nextInt(3)], null);
                case 1 -> new Command.ChangeAccount(key, code(), null, (long) random.nextInt(2_000));
                default -> new Command.ChangeAccount(key, code(), states[random.nextInt(2)], 500L);
            };
        }
        if (dice < 18) {
            return new Command.Reverse(key, 1 + random.nextLong(issued), Details.NONE);
        }
        return dice < 60
                ? new Command.Transfer(key, code(), code(), amount(CURRENCIES[currency()]), details())
                : new Command.Post(key, legs(), details());
    }

    private List<Leg> legs() {
        int count = 2 + random.nextInt(4);
        List<Leg> legs = new ArrayList<>();
        Currency currency = CURRENCIES[currency()];
        long sum = 0;
        for (int i = 0; i < count - 1; i++) {
            Money amount = amount(currency);
            Side side = random.nextBoolean() ? Side.DEBIT : Side.CREDIT;
            legs.add(new Leg(code(), side, amount));
            sum += side == Side.DEBIT ? amount.minorUnits() : -amount.minorUnits();
        }
        long closing = random.nextInt(10) == 0 ? sum + 1 : sum;
        legs.add(new Leg(
                code(), closing > 0 ? Side.CREDIT : Side.DEBIT, new Money(closing > 0 ? closing : -closing, currency)));
        return legs;
    }

    private Money amount(Currency currency) {
        return switch (random.nextInt(30)) {
            case 0 -> new Money(0, currency);
            case 1 -> new Money(-5, currency);
            case 2 -> new Money(Long.MAX_VALUE - random.nextInt(3), currency);
            default -> new Money(1 + random.nextInt(1_000), currency);
        };
    }

    private Details details() {
        return random.nextInt(4) > 0
                ? Details.NONE
                : new Details("ref-" + random.nextInt(50), "corr-" + random.nextInt(50), Map.of("k", "v\"ü"));
    }

    private AccountSpec spec() {
        boolean summary = random.nextInt(3) == 0;
        AccountType type = AccountType.values()[random.nextInt(8) == 0 ? 1 : 0];
        BalanceRule rule = summary ? BalanceRule.NONE : BalanceRule.values()[random.nextInt(3)];
        String parent = random.nextInt(2) == 0 ? code() : null;
        AccountSpec spec = summary
                ? AccountSpec.summary(code(), "Group", type, parent)
                : AccountSpec.posting(code(), "Account", type, CURRENCIES[currency()], parent);
        return rule == BalanceRule.NONE ? spec : spec.limited(rule, random.nextBoolean() ? 0 : random.nextInt(5_000));
    }

    /** Mostly the first currency: otherwise nearly every posting would be refused for its currency. */
    private int currency() {
        return random.nextInt(12) > 1 ? 0 : 1 + random.nextInt(2);
    }

    private String code() {
        return "a" + random.nextInt(world);
    }
}
