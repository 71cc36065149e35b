package org.exchequer.shards.core;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * A transaction over several shards, taken apart: what each shard reserves, and under which keys everything happens. A
 * function of the command and of where its accounts live, so every node makes the same of it.
 *
 * <p>Each leg becomes a hold between its account and one in transit on the same shard, so each shard balances by
 * itself at every instant.
 *
 * @param transaction its name in keys, see {@link Names#transaction}
 * @param key the caller's
 * @param parts the coordinator's first
 * @param details what the caller wants remembered
 * @param request digest of everything the caller asked for
 * @param reverses the transaction that it undoes, or null
 * @param named whether the caller numbered the legs, and answers name them so
 */
public record Plan(
        String transaction,
        String key,
        List<Part> parts,
        Details details,
        String request,
        @Nullable Long reverses,
        boolean named) {
    /** Most items of a part: they are one linked batch. */
    private static final int MAX_ITEMS = 1_000;

    /**
     * What one shard does.
     *
     * @param shard which
     * @param items one hold each
     */
    public record Part(int shard, List<Item> items) {}

    /**
     * One hold.
     *
     * @param leg index of the caller's leg that it stands for; -1 for a movement between accounts in transit
     */
    public record Item(String debit, String credit, Money amount, int leg) {}

    /** The command cannot be carried out over several shards; the message says why. */
    public static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException(String why) {
            super(why);
        }
    }

    /** A transfer between two shards; the debited account's is the coordinator. */
    public static Plan of(Command.Transfer transfer, int attempt, ToIntFunction<String> shardOf) {
        List<Leg> legs = List.of(
                new Leg(transfer.debitAccount(), Side.DEBIT, transfer.amount()),
                new Leg(transfer.creditAccount(), Side.CREDIT, transfer.amount()));
        return of(
                Names.transaction(transfer.key(), attempt),
                transfer.key(),
                legs,
                transfer.details(),
                null,
                false,
                shardOf);
    }

    /** A posting over several shards; that of its first leg is the coordinator, of two legs the debited account's. */
    public static Plan of(Command.Post post, int attempt, ToIntFunction<String> shardOf) {
        return of(Names.transaction(post.key(), attempt), post.key(), post.legs(), post.details(), null, true, shardOf);
    }

    /**
     * Any balanced legs.
     *
     * @param transaction name of the transaction, for a reversal {@link Names#reversal}
     */
    public static Plan of(
            String transaction,
            String key,
            List<Leg> legs,
            Details details,
            @Nullable Long reverses,
            boolean named,
            ToIntFunction<String> shardOf) {
        boolean pair = legs.size() == 2 && legs.get(0).side() != legs.get(1).side();
        int first = pair && legs.get(0).side() == Side.CREDIT ? 1 : 0;
        int coordinator = shardOf.applyAsInt(legs.get(first).account());
        boolean apart = pair && shardOf.applyAsInt(legs.get(1 - first).account()) != coordinator;
        List<Part> parts = apart ? pair(legs, first, coordinator, shardOf) : many(legs, coordinator, shardOf);
        return new Plan(transaction, key, parts, details, request(legs, details, reverses), reverses, named);
    }

    private static List<Part> pair(List<Leg> legs, int debit, int coordinator, ToIntFunction<String> shardOf) {
        Leg from = legs.get(debit);
        Leg to = legs.get(1 - debit);
        int participant = shardOf.applyAsInt(to.account());
        Currency currency = from.amount().currency();
        return List.of(
                new Part(
                        coordinator,
                        List.of(new Item(
                                from.account(),
                                Names.transitTo(coordinator, participant, currency),
                                from.amount(),
                                debit))),
                new Part(
                        participant,
                        List.of(new Item(
                                Names.transitFrom(participant, coordinator, currency),
                                to.account(),
                                to.amount(),
                                1 - debit))));
    }

    /**
     * The coordinator's own legs, and all that goes to participants, meet in its hub. Of legs that are all on one
     * shard, it is the only part.
     */
    private static List<Part> many(List<Leg> legs, int coordinator, ToIntFunction<String> shardOf) {
        Map<Integer, List<Item>> items = new TreeMap<>();
        Map<String, BigInteger> sums = new LinkedHashMap<>();
        List<Item> own = new ArrayList<>();
        for (int i = 0; i < legs.size(); i++) {
            Leg leg = legs.get(i);
            Currency currency = leg.amount().currency();
            int shard = shardOf.applyAsInt(leg.account());
            String opposite = shard == coordinator
                    ? Names.hub(coordinator, currency)
                    : Names.transitFrom(shard, coordinator, currency);
            Item item = leg.side() == Side.DEBIT
                    ? new Item(leg.account(), opposite, leg.amount(), i)
                    : new Item(opposite, leg.account(), leg.amount(), i);
            (shard == coordinator ? own : items.computeIfAbsent(shard, s -> new ArrayList<>())).add(item);
            if (shard != coordinator) {
                sums.merge(
                        Names.transitTo(coordinator, shard, currency) + " " + leg.side(),
                        BigInteger.valueOf(leg.amount().minorUnits()),
                        BigInteger::add);
            }
        }
        sums.forEach((name, sum) -> own.add(inTransit(coordinator, name, sum)));
        List<Part> parts = new ArrayList<>(List.of(new Part(coordinator, List.copyOf(own))));
        items.forEach((shard, theirs) -> parts.add(new Part(shard, List.copyOf(theirs))));
        if (own.size() > MAX_ITEMS) {
            throw new TooLargeException("a transaction over so many shards may have fewer legs");
        }
        return List.copyOf(parts);
    }

    private static Item inTransit(int coordinator, String name, BigInteger sum) {
        if (sum.bitLength() > 63) {
            throw new TooLargeException("the legs on one shard add up to more than 64 bits");
        }
        String transit = name.substring(0, name.indexOf(' '));
        Currency currency = Currency.of(transit.substring(transit.indexOf(':', Names.OWN_ACCOUNT.length()) + 1));
        String hub = Names.hub(coordinator, currency);
        Money amount = new Money(sum.longValueExact(), currency);
        return name.endsWith(" " + Side.DEBIT)
                ? new Item(transit, hub, amount, -1)
                : new Item(hub, transit, amount, -1);
    }

    /** The accounts in transit that a part needs. */
    public List<Item> items(int part) {
        return parts.get(part).items();
    }

    /**
     * Reserves a part. The coordinator's holds end by themselves, by its clock; a participant's never do, since
     * only the coordinator knows what was decided.
     *
     * @param limit how long a transaction may stay undecided
     */
    public List<Command> holds(int part, Duration limit) {
        List<Command> commands = new ArrayList<>();
        int shard = parts.get(part).shard();
        for (int i = 0; i < items(part).size(); i++) {
            Item item = items(part).get(i);
            commands.add(new Command.Hold(
                    Names.hold(transaction, shard, i),
                    item.debit(),
                    item.credit(),
                    item.amount(),
                    part == 0 ? limit : null,
                    new Details(details.reference(), details.correlationId(), new Marks(this, item.leg()).write())));
        }
        return commands;
    }

    /** Posts the coordinator's holds: the decision. */
    public List<Command> decide(List<Long> holds) {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < holds.size(); i++) {
            String postKey = Names.decide(transaction, parts.getFirst().shard(), i);
            commands.add(new Command.PostPending(postKey, holds.get(i), null, false, details));
        }
        return commands;
    }

    /** Posts a participant's holds. */
    public static List<Command> complete(
            String transaction, int shard, List<Long> holds, Details details, int attempt, boolean undated) {
        Details remembered = undated ? details.valued(null) : details;
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < holds.size(); i++) {
            String postKey = Names.complete(transaction, shard, i, attempt, undated);
            commands.add(new Command.PostPending(postKey, holds.get(i), null, false, remembered));
        }
        return commands;
    }

    /** Gives a part's holds back. */
    public static List<Command> release(String transaction, int shard, List<Long> holds) {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < holds.size(); i++) {
            commands.add(new Command.VoidPending(Names.release(transaction, shard, i), holds.get(i), Details.NONE));
        }
        return commands;
    }

    /** 128 bits over everything asked for but the key. A transfer is the two-leg posting that it abbreviates. */
    static String request(List<Leg> legs, Details details, @Nullable Long reverses) {
        StringBuilder text = new StringBuilder();
        for (Leg leg : legs) {
            text.append(leg.account()).append(' ').append(leg.side()).append(' ');
            text.append(leg.amount().minorUnits())
                    .append(leg.amount().currency().code())
                    .append('\n');
        }
        text.append(details.reference())
                .append('\0')
                .append(details.correlationId())
                .append('\0');
        text.append(details.valueDate()).append('\0').append(reverses).append('\0');
        details.metadata()
                .forEach((k, v) -> text.append(k).append('\0').append(v).append('\0'));
        MessageDigest digest = Names.sha256();
        byte[] hash = digest.digest(text.toString().getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(hash, 16));
    }
}
