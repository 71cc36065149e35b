package org.exchequer.lab.linear;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.exchequer.lab.linear.AccountModel.Move;
import org.exchequer.lab.linear.AccountModel.Seen;
import org.exchequer.lab.linear.AccountModel.State;
import org.exchequer.lab.linear.RegisterModel.Cas;
import org.exchequer.lab.linear.RegisterModel.CasRefused;
import org.exchequer.lab.linear.RegisterModel.Get;
import org.exchequer.lab.linear.RegisterModel.Operation;
import org.exchequer.lab.linear.RegisterModel.Write;

/** Objects to make histories of, some of them broken. */
final class Things {
    private Things() {}

    /**
     * A register.
     *
     * @param values how many different ones are written
     * @param stalePerMille how many reads see an old value
     * @param lag how many changes old
     */
    static Histories.Thing<Operation> register(
            SplittableRandom random, int values, boolean cas, int stalePerMille, int lag) {
        return new Histories.Thing<>() {
            private String value = "0";
            private final ArrayDeque<String> old = new ArrayDeque<>();

            @Override
            public Operation ask() {
                String any = Integer.toString(random.nextInt(values));
                return switch (random.nextInt(cas ? 4 : 3)) {
                    case 0 -> new Write(any);
                    case 3 -> new Cas(Integer.toString(random.nextInt(values)), any);
                    default -> new Get("?");
                };
            }

            @Override
            public Operation act(Operation asked) {
                return switch (asked) {
                    case Write write -> {
                        set(write.value());
                        yield write;
                    }
                    case Cas one
                    when one.from().equals(value) -> {
                        set(one.to());
                        yield one;
                    }
                    case Cas one -> new CasRefused(one.from());
                    case Get get ->
                        new Get(random.nextInt(1000) < stalePerMille && !old.isEmpty() ? old.getFirst() : value);
                    case CasRefused refused -> refused;
                };
            }

            private void set(String next) {
                old.add(value);
                value = next;
                if (old.size() > lag) {
                    old.remove();
                }
            }
        };
    }

    /**
     * An account: amounts are added on both sides, within a limit.
     *
     * @param amounts the largest amount
     * @param told whether an addition tells the balance it led to
     * @param stalePerMille how many reads see old totals
     * @param lag how many changes old
     */
    static Histories.Thing<AccountModel.Operation> account(
            SplittableRandom random, AccountModel model, int amounts, boolean told, int stalePerMille, int lag) {
        return new Histories.Thing<>() {
            private State state = State.EMPTY;
            private final ArrayDeque<State> old = new ArrayDeque<>();

            @Override
            public AccountModel.Operation ask() {
                long amount = 1L + random.nextInt(amounts);
                return switch (random.nextInt(4)) {
                    case 0 -> new Move(amount, 0, 0, 0, null);
                    case 1 -> new Move(0, amount, 0, 0, null);
                    default -> new Seen(0, 0, 0L, 0L);
                };
            }

            @Override
            public AccountModel.Operation act(AccountModel.Operation asked) {
                if (!(asked instanceof Move move)) {
                    State seen = random.nextInt(1000) < stalePerMille && !old.isEmpty() ? old.getFirst() : state;
                    return new Seen(seen.debits(), seen.credits(), seen.pendingDebits(), seen.pendingCredits());
                }
                State after = model.step(state, move);
                if (after == null) {
                    return new AccountModel.NoRoom(move.debits() > 0, move.debits() + move.credits());
                }
                old.add(state);
                state = after;
                if (old.size() > lag) {
                    old.remove();
                }
                return told ? new Move(move.debits(), move.credits(), 0, 0, after.debits() - after.credits()) : move;
            }
        };
    }
}
