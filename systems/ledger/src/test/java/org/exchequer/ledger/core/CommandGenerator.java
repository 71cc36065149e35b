package org.exchequer.ledger.core;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * Seeded command streams over a small world, so that accounts collide, limits are met, and every kind of mistake is
 * made: about half of all commands should be refused.
 */
public final class CommandGenerator {
    private static final Currency[] CURRENCIES = {Currency.of("EUR"), Currency.of("JPY"), Currency.of("BHD")};

    /** Value dates and closings lie around this day and the following. */
    public static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);

    private final List<Long> holds = new ArrayList<>();
    private final List<Long> proposals = new ArrayList<>();
    private final List<Long> transactions = new ArrayList<>();
    private final RandomGenerator random;
    private final int world;
    private long issued;

    /** @param world how many account codes there are to choose from */
    public CommandGenerator(RandomGenerator random, int world) {
        this.random = random;
        this.world = world;
    }

    /** What the caller learned: a hold has this id. Later commands mostly name the ones told last. */
    public void heldAt(long id) {
        remember(holds, id);
    }

    /** The same for a proposed adjustment. */
    public void proposedAt(long id) {
        remember(proposals, id);
    }

    /** The same for a transaction. */
    public void postedAt(long id) {
        remember(transactions, id);
    }

    private static void remember(List<Long> ids, long id) {
        ids.add(id);
        if (ids.size() > 12) {
            ids.removeFirst();
        }
    }

    /** 2 to 5 commands for a linked batch. */
    public List<Command> nextLinked() {
        List<Command> commands = new ArrayList<>();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            commands.add(next());
        }
        return commands;
    }

    public Command next() {
        issued++;
        String key = "k" + issued;
        int dice = random.nextInt(100);
        if (issued <= world / 2 || dice < 4) {
            return new Command.OpenAccount(key, spec());
        }
        return switch (dice / 4) {
            case 1 -> change(key);
            case 2, 3 ->
                new Command.Reverse(
                        key, id(transactions), random.nextBoolean() ? null : amount(CURRENCIES[currency()]), details());
            case 4, 5, 6, 7 ->
                new Command.Hold(
                        key,
                        code(),
                        code(),
                        amount(CURRENCIES[currency()]),
                        timeout(),
                        details().valued(null));
            case 8, 9, 10 ->
                new Command.PostPending(
                        key,
                        id(holds),
                        random.nextInt(3) == 0 ? null : amount(CURRENCIES[currency()]),
                        random.nextBoolean(),
                        details());
            case 11 -> new Command.VoidPending(key, id(holds), details().valued(null));
            case 12 ->
                random.nextBoolean()
                        ? new Command.ProposeAdjustment(key, legs(), "reason", person(), details())
                        : new Command.ProposeAdjustment(key, accountChange(), "reason", person(), details());
            case 13 -> new Command.DecideAdjustment(key, id(proposals), random.nextInt(3) > 0, person());
            case 14 ->
                random.nextInt(6) > 0
                        ? new Command.Transfer(key, code(), code(), amount(CURRENCIES[currency()]), details())
                        : new Command.CloseDay(key, FIRST_DAY.plusDays(random.nextInt(12) - 2), person());
            case 15, 16, 17, 18, 19, 20 ->
                new Command.Transfer(key, code(), code(), amount(CURRENCIES[currency()]), details());
            default -> new Command.Post(key, legs(), details());
        };
    }

    private Command change(String key) {
        return new Command.ChangeAccount(key, accountChange(), random.nextInt(3) == 0);
    }

    private AccountChange accountChange() {
        AccountState[] states = AccountState.values();
        AccountState some = states[random.nextInt(states.length)];
        Currency currency = random.nextBoolean() ? null : CURRENCIES[currency()];
        return switch (random.nextInt(4)) {
            case 0 -> new AccountChange(code(), some, null, null, null);
            case 1 -> new AccountChange(code(), null, (long) random.nextInt(2_000), null, currency);
            case 2 -> new AccountChange(code(), null, null, bounds(), null);
            default -> new AccountChange(code(), AccountState.OPEN, 500L, Bounds.NONE, currency);
        };
    }

    private Bounds bounds() {
        long minimum = random.nextInt(1_000) - 800L;
        return new Bounds(
                random.nextBoolean() ? null : minimum, random.nextBoolean() ? null : minimum + random.nextInt(20_000));
    }

    private @Nullable Duration timeout() {
        return random.nextBoolean()
                ? null
                : Duration.ofSeconds(1 + random.nextInt(random.nextInt(8) == 0 ? 200_000 : 60));
    }

    private long id(List<Long> known) {
        return known.isEmpty() || random.nextInt(12) == 0
                ? 1 + random.nextLong(issued)
                : known.get(random.nextInt(known.size()));
    }

    private String person() {
        return random.nextInt(3) == 0 ? "ann" : "ben";
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
        LocalDate valueDate = random.nextInt(6) > 0 ? null : FIRST_DAY.plusDays(random.nextInt(14) - 3);
        return random.nextInt(4) > 0
                ? Details.NONE.valued(valueDate)
                : new Details(
                        "ref-" + random.nextInt(50), "corr-" + random.nextInt(50), valueDate, Map.of("k", "v\"ü"));
    }

    private AccountSpec spec() {
        boolean summary = random.nextInt(3) == 0;
        AccountType type = AccountType.values()[random.nextInt(8) == 0 ? 1 : 0];
        BalanceRule rule = summary ? BalanceRule.NONE : BalanceRule.values()[random.nextInt(3)];
        String parent = random.nextInt(2) == 0 ? code() : null;
        AccountSpec spec = summary
                ? AccountSpec.summary(code(), "Group", type, parent)
                : AccountSpec.posting(code(), "Account", type, CURRENCIES[currency()], parent);
        spec = summary || random.nextInt(3) > 0 ? spec : spec.bounded(bounds());
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
