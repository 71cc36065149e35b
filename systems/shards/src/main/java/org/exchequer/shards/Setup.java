package org.exchequer.shards;

import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.store.Directory;

/**
 * Makes several ledgers one, or finds that they are. Each shard's ledger carries the directory's identity and its
 * number in it, as the labels of its account {@code transit:<number>}: databases given in another order, or one
 * that belongs to another ledger, are refused.
 */
public final class Setup {
    private static final String DIRECTORY = "shards.directory";
    private static final String INDEX = "shards.index";

    private static final int TRIES = 60;
    private static final long TRY_MS = 500;

    private Setup() {}

    /** Why ledgers cannot be shards of one; the message says what to do. */
    public static final class WrongShardException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongShardException(String why) {
            super(why);
        }
    }

    /**
     * Makes the directory where there is none, registers shards that are new, and checks each.
     *
     * @param shards in the order of their numbers
     * @throws WrongShardException when one of them cannot be the shard that it is given as
     */
    public static void prepare(Directory directory, List<Shard> shards) throws SQLException {
        if (shards.size() > Ids.MAX_SHARDS) {
            throw new WrongShardException("a ledger has at most " + Ids.MAX_SHARDS + " shards, not " + shards.size());
        }
        if (directory.id() == null) {
            create(directory, shards);
        }
        UUID id = Objects.requireNonNull(directory.id());
        List<Directory.Entry> known = directory.shards();
        if (known.size() > shards.size()) {
            throw new WrongShardException("this ledger has " + known.size() + " shards, and only " + shards.size()
                    + " databases were given: all of them are needed, in the order in which they were added");
        }
        for (Shard shard : shards) {
            claim(shard, id);
            if (shard.index() >= known.size()) {
                directory.add(shard.index(), shard.name());
            }
        }
    }

    /** A ledger that has accounts already becomes the first of several, and keeps them all until slots are moved. */
    private static void create(Directory directory, List<Shard> shards) throws SQLException {
        for (Shard shard : shards) {
            if (!shard.ledger().accounts(Names.OWN_ACCOUNT, null, 1).items().isEmpty()) {
                throw new WrongShardException("the database given as shard " + shard.index()
                        + " is a shard of a ledger already, and the first one has no directory: give them in the order"
                        + " in which they were added");
            }
        }
        for (Shard shard : shards.subList(1, shards.size())) {
            if (!shard.ledger().accounts("", null, 1).items().isEmpty()) {
                throw new WrongShardException("shard " + shard.index()
                        + " has accounts already; only the first of a new ledger of several shards may");
            }
        }
        boolean fresh = shards.getFirst().ledger().accounts("", null, 1).items().isEmpty();
        SlotMap.Slot first = new SlotMap.Slot(0, SlotMap.State.SETTLED, 0);
        directory.create(
                shards.stream().map(Shard::name).toList(),
                fresh
                        ? SlotMap.even(shards.size())
                        : new SlotMap(1, Collections.nCopies(Placement.SLOTS, first), Map.of()));
    }

    /** Nodes that start together may find a shard whose writer is only just becoming it. */
    private static Account claim(Shard shard, Command.OpenAccount opening) {
        for (int tries = 1; ; tries++) {
            Outcome outcome = shard.ledger().execute(opening);
            Optional<Account> found = shard.ledger().account(opening.account().code());
            if (found.isPresent()) {
                return found.get();
            }
            boolean later = outcome instanceof Outcome.Refused || outcome instanceof Outcome.Unknown;
            if (!later || tries == TRIES) {
                throw new WrongShardException("shard " + shard.index() + " cannot be claimed: " + outcome);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(TRY_MS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new WrongShardException("interrupted while shard " + shard.index() + " was to be claimed");
            }
        }
    }

    private static void claim(Shard shard, UUID directory) {
        String code = OwnAccounts.top(shard.index());
        Optional<Account> found = shard.ledger().account(code);
        if (found.isEmpty()) {
            Optional<Account> other = shard.ledger().accounts(Names.OWN_ACCOUNT, null, 1).items().stream()
                    .findFirst();
            if (other.isPresent()) {
                throw new WrongShardException("the database given as shard " + shard.index()
                        + " is another shard: give them in the order in which they were added");
            }
            Map<String, String> labels =
                    Map.of(DIRECTORY, directory.toString(), INDEX, Integer.toString(shard.index()));
            AccountSpec top = new AccountSpec(
                    code,
                    "In transit on shard " + shard.index(),
                    AccountType.ASSET,
                    AccountType.ASSET.normalSide(),
                    null,
                    null,
                    BalanceRule.NONE,
                    0,
                    labels);
            found = Optional.of(claim(shard, new Command.OpenAccount(Names.OWN_KEY + "open:" + code, top)));
        }
        String owner = found.get().spec().metadata().get(DIRECTORY);
        if (!directory.toString().equals(owner)) {
            throw new WrongShardException(
                    "the database given as shard " + shard.index() + " belongs to another ledger of several shards");
        }
    }
}
