package org.exchequer.ledger.edge.grpc;

import com.google.protobuf.Message;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.event.v1.Side;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.platform.security.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Commands as messages, read strictly and written back. Reading throws {@link FieldError} with the path of the field
 * and the rule it breaks; reading what was written gives an equal command.
 */
final class CommandProto {
    private CommandProto() {}

    /** What a caller may put into commands. */
    interface Actor {
        /** Between nodes: the standby has made sure of it. */
        Actor AS_GIVEN = new Actor() {
            @Override
            public String name(String given, String field) {
                return given;
            }

            @Override
            public boolean tightensOnly() {
                return false;
            }
        };

        /**
         * The name to put into a command that names somebody.
         *
         * @param given the name in the message, empty for none
         * @throws FieldError when the caller may not act under it
         */
        String name(String given, String field);

        /** Whether the caller may change accounts only so that less is possible with them. */
        boolean tightensOnly();

        /** Somebody who may act under the own name only. */
        static Actor caller(Caller caller) {
            String own = caller.name();
            return new Actor() {
                @Override
                public String name(String given, String field) {
                    if (!given.isEmpty() && !given.equals(own)) {
                        throw new FieldError(field, "must be left out, or be your token's subject, " + own);
                    }
                    return own;
                }

                @Override
                public boolean tightensOnly() {
                    return !caller.mayAct(Set.of());
                }
            };
        }
    }

    static Command read(LedgerProto.Command message, Actor actor) {
        Command command = command(message, actor);
        if (actor != Actor.AS_GIVEN) {
            requireNoneNegative(command);
        }
        return command;
    }

    /** As over REST, which has no words for a negative amount: it is refused and leaves no trace. */
    private static void requireNoneNegative(Command command) {
        switch (command) {
            case Command.Transfer transfer -> requireNotNegative("amount", transfer.amount());
            case Command.Hold hold -> requireNotNegative("amount", hold.amount());
            case Command.PostPending post -> requireNotNegative("amount", post.amount());
            case Command.Reverse reverse -> requireNotNegative("amount", reverse.amount());
            case Command.Post post -> requireNoneNegative(post.legs());
            case Command.ProposeAdjustment propose -> requireNoneNegative(propose.legs());
            case Command.VoidPending ignored -> {}
            case Command.DecideAdjustment ignored -> {}
            case Command.CloseDay ignored -> {}
            case Command.OpenAccount ignored -> {}
            case Command.ChangeAccount ignored -> {}
        }
    }

    private static void requireNoneNegative(List<Leg> legs) {
        for (int i = 0; i < legs.size(); i++) {
            requireNotNegative("legs[" + i + "].amount", legs.get(i).amount());
        }
    }

    private static void requireNotNegative(String field, @Nullable Money amount) {
        if (amount != null && amount.minorUnits() < 0) {
            throw new FieldError(field, "must not be negative: exchange the sides instead");
        }
    }

    private static Command command(LedgerProto.Command message, Actor actor) {
        known(message, "command");
        String key = message.getKey();
        return switch (message.getCommandCase()) {
            case TRANSFER -> transfer(key, message.getTransfer());
            case POST -> post(key, message.getPost());
            case REVERSE -> reverse(key, message.getReverse());
            case OPEN_ACCOUNT -> openAccount(key, message.getOpenAccount());
            case CHANGE_ACCOUNT -> changeAccount(key, message.getChangeAccount(), actor);
            case HOLD -> hold(key, message.getHold());
            case POST_PENDING -> postPending(key, message.getPostPending());
            case VOID_PENDING -> voidPending(key, message.getVoidPending());
            case PROPOSE_ADJUSTMENT -> proposeAdjustment(key, message.getProposeAdjustment(), actor);
            case DECIDE_ADJUSTMENT -> decideAdjustment(key, message.getDecideAdjustment(), actor);
            case CLOSE_DAY -> closeDay(key, message.getCloseDay(), actor);
            case COMMAND_NOT_SET -> throw new FieldError("command", "must be one of the commands");
        };
    }

    private static Command transfer(String key, LedgerProto.Transfer message) {
        known(message, "transfer");
        return new Command.Transfer(
                key,
                message.getDebitAccount(),
                message.getCreditAccount(),
                money(message.hasAmount(), message.getAmount(), "amount"),
                details(message.hasDetails(), message.getDetails()));
    }

    private static Command post(String key, LedgerProto.Post message) {
        known(message, "post");
        return new Command.Post(key, legs(message.getLegsList()), details(message.hasDetails(), message.getDetails()));
    }

    private static Command reverse(String key, LedgerProto.Reverse message) {
        known(message, "reverse");
        return new Command.Reverse(
                key,
                message.getTransactionId(),
                message.hasAmount() ? money(message.getAmount(), "amount") : null,
                details(message.hasDetails(), message.getDetails()));
    }

    private static Command hold(String key, LedgerProto.Hold message) {
        known(message, "hold");
        if (message.hasTimeoutS()
                && (message.getTimeoutS() < 1 || message.getTimeoutS() > Command.Hold.MAX_TIMEOUT.toSeconds())) {
            throw new FieldError("timeoutS", "must be from 1 to " + Command.Hold.MAX_TIMEOUT.toSeconds());
        }
        return new Command.Hold(
                key,
                message.getDebitAccount(),
                message.getCreditAccount(),
                money(message.hasAmount(), message.getAmount(), "amount"),
                message.hasTimeoutS() ? Duration.ofSeconds(message.getTimeoutS()) : null,
                details(message.hasDetails(), message.getDetails()));
    }

    private static Command postPending(String key, LedgerProto.PostPending message) {
        known(message, "postPending");
        return new Command.PostPending(
                key,
                message.getPendingId(),
                message.hasAmount() ? money(message.getAmount(), "amount") : null,
                message.getKeepRest(),
                details(message.hasDetails(), message.getDetails()));
    }

    private static Command voidPending(String key, LedgerProto.VoidPending message) {
        known(message, "voidPending");
        return new Command.VoidPending(
                key, message.getPendingId(), details(message.hasDetails(), message.getDetails()));
    }

    private static Command proposeAdjustment(String key, LedgerProto.ProposeAdjustment message, Actor actor) {
        known(message, "proposeAdjustment");
        return new Command.ProposeAdjustment(
                key,
                legs(message.getLegsList()),
                message.hasChange() ? change(message.getChange()) : null,
                message.getReason(),
                actor.name(message.getAuthor(), "author"),
                details(message.hasDetails(), message.getDetails()));
    }

    private static Command decideAdjustment(String key, LedgerProto.DecideAdjustment message, Actor actor) {
        known(message, "decideAdjustment");
        return new Command.DecideAdjustment(
                key,
                message.getAdjustmentId(),
                message.getApprove(),
                actor.name(message.getDecidedBy(), "decidedBy"),
                message.getReason());
    }

    private static Command closeDay(String key, LedgerProto.CloseDay message, Actor actor) {
        known(message, "closeDay");
        return new Command.CloseDay(key, date(message.getDay(), "day"), actor.name(message.getClosedBy(), "closedBy"));
    }

    private static Command openAccount(String key, LedgerProto.OpenAccount message) {
        known(message, "openAccount");
        if (!message.hasAccount()) {
            throw new FieldError("account", "must be given");
        }
        return new Command.OpenAccount(key, spec(message.getAccount()));
    }

    private static Command changeAccount(String key, LedgerProto.ChangeAccount message, Actor actor) {
        known(message, "changeAccount");
        AccountChange change = new AccountChange(
                message.getAccount(),
                state(message.getState()),
                message.hasOverdraftLimit() ? message.getOverdraftLimit() : null,
                message.hasBounds() ? bounds(message.getBounds()) : null,
                message.hasCurrency() ? currency(message.getCurrency(), "currency") : null);
        return new Command.ChangeAccount(key, change, actor.tightensOnly() || message.getTightenOnly());
    }

    static AccountChange change(LedgerProto.AccountChange message) {
        known(message, "change");
        return new AccountChange(
                message.getAccount(),
                state(message.getState()),
                message.hasOverdraftLimit() ? message.getOverdraftLimit() : null,
                message.hasBounds() ? bounds(message.getBounds()) : null,
                message.hasCurrency() ? currency(message.getCurrency(), "currency") : null);
    }

    private static @Nullable AccountState state(LedgerProto.AccountState state) {
        return state == LedgerProto.AccountState.ACCOUNT_STATE_UNSPECIFIED
                ? null
                : Enums.read(AccountState.class, state, "state");
    }

    private static Bounds bounds(LedgerProto.Bounds message) {
        known(message, "bounds");
        return message.hasMinimum() || message.hasMaximum()
                ? new Bounds(
                        message.hasMinimum() ? message.getMinimum() : null,
                        message.hasMaximum() ? message.getMaximum() : null)
                : Bounds.NONE;
    }

    static List<Leg> legs(List<LedgerProto.Leg> messages) {
        if (messages.size() > Command.Post.MAX_LEGS) {
            throw new FieldError("legs", "must be 2 to " + Command.Post.MAX_LEGS);
        }
        List<Leg> legs = new ArrayList<>(messages.size());
        for (LedgerProto.Leg message : messages) {
            String path = "legs[" + legs.size() + "]";
            known(message, path);
            try {
                legs.add(new Leg(
                        message.getAccount(),
                        Enums.side(message.getSide(), "side"),
                        money(message.hasAmount(), message.getAmount(), "amount")));
            } catch (FieldError e) {
                throw new FieldError(path + "." + e.field(), String.valueOf(e.getMessage()));
            }
        }
        return legs;
    }

    static AccountSpec spec(LedgerProto.AccountSpec message) {
        known(message, "account");
        AccountType type = Enums.read(AccountType.class, message.getType(), "type");
        return new AccountSpec(
                message.getCode(),
                message.getName(),
                type,
                message.getNormalSide() == Side.SIDE_UNSPECIFIED
                        ? type.normalSide()
                        : Enums.side(message.getNormalSide(), "normalSide"),
                message.hasCurrency() ? currency(message.getCurrency(), "currency") : null,
                message.hasParent() ? message.getParent() : null,
                message.getRule() == LedgerProto.BalanceRule.BALANCE_RULE_UNSPECIFIED
                        ? BalanceRule.NONE
                        : Enums.read(BalanceRule.class, message.getRule(), "rule"),
                message.getOverdraftLimit(),
                bounds(message.getBounds()),
                message.getMetadataMap());
    }

    private static Money money(boolean given, LedgerProto.Money message, String field) {
        if (!given) {
            throw new FieldError(field, "must be given");
        }
        return money(message, field);
    }

    private static Money money(LedgerProto.Money message, String field) {
        known(message, field);
        return new Money(message.getMinorUnits(), currency(message.getCurrency(), field + ".currency"));
    }

    static Money money(LedgerProto.Money message) {
        return money(message, "amount");
    }

    static Currency currency(String code, String field) {
        return Currency.find(code).orElseThrow(() -> new FieldError(field, Currency.RULE));
    }

    static Details details(boolean given, LedgerProto.Details message) {
        if (!given) {
            return Details.NONE;
        }
        known(message, "details");
        return new Details(
                message.hasReference() ? message.getReference() : null,
                message.hasCorrelationId() ? message.getCorrelationId() : null,
                message.hasValueDate() ? date(message.getValueDate(), "valueDate") : null,
                message.getMetadataMap());
    }

    static LocalDate date(String text, String field) {
        LocalDate date;
        try {
            date = LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new FieldError(field, "must be a date such as 2026-05-31");
        }
        if (date.getYear() < 1900 || date.getYear() > 2999) {
            throw new FieldError(field, "must lie in the years 1900 to 2999");
        }
        return date;
    }

    /** A caller who knows more fields than we do means something that we would not do. */
    private static void known(Message message, String field) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new FieldError(
                    field,
                    "holds fields that are not known here, with the numbers "
                            + message.getUnknownFields().asMap().keySet());
        }
    }

    /** The field at fault as the schema calls it. */
    static String fieldOf(FieldError e) {
        return e.field().replace("idempotencyKey", "key");
    }

    static LedgerProto.Command write(Command command) {
        LedgerProto.Command.Builder message = LedgerProto.Command.newBuilder().setKey(command.key());
        switch (command) {
            case Command.Transfer transfer -> message.setTransfer(transfer(transfer));
            case Command.Post post -> {
                LedgerProto.Post.Builder body = message.getPostBuilder().addAllLegs(legMessages(post.legs()));
                with(post.details(), body::setDetails);
            }
            case Command.Hold hold -> message.setHold(hold(hold));
            case Command.PostPending post -> message.setPostPending(postPending(post));
            case Command.VoidPending ended -> {
                LedgerProto.VoidPending.Builder body =
                        message.getVoidPendingBuilder().setPendingId(ended.pendingId());
                with(ended.details(), body::setDetails);
            }
            case Command.Reverse reverse -> message.setReverse(reverse(reverse));
            case Command.ProposeAdjustment proposal -> {
                LedgerProto.ProposeAdjustment.Builder body = message.getProposeAdjustmentBuilder()
                        .addAllLegs(legMessages(proposal.legs()))
                        .setReason(proposal.reason())
                        .setAuthor(proposal.author());
                if (proposal.change() != null) {
                    body.setChange(change(proposal.change()));
                }
                with(proposal.details(), body::setDetails);
            }
            case Command.DecideAdjustment decision ->
                message.getDecideAdjustmentBuilder()
                        .setAdjustmentId(decision.adjustmentId())
                        .setApprove(decision.approve())
                        .setDecidedBy(decision.decidedBy())
                        .setReason(decision.reason());
            case Command.CloseDay close ->
                message.getCloseDayBuilder().setDay(close.day().toString()).setClosedBy(close.closedBy());
            case Command.OpenAccount open -> message.getOpenAccountBuilder().setAccount(spec(open.account()));
            case Command.ChangeAccount change -> message.setChangeAccount(changeAccount(change));
        }
        return message.build();
    }

    private static LedgerProto.Transfer.Builder transfer(Command.Transfer command) {
        LedgerProto.Transfer.Builder message = LedgerProto.Transfer.newBuilder()
                .setDebitAccount(command.debitAccount())
                .setCreditAccount(command.creditAccount())
                .setAmount(money(command.amount()));
        with(command.details(), message::setDetails);
        return message;
    }

    private static LedgerProto.Hold.Builder hold(Command.Hold command) {
        LedgerProto.Hold.Builder message = LedgerProto.Hold.newBuilder()
                .setDebitAccount(command.debitAccount())
                .setCreditAccount(command.creditAccount())
                .setAmount(money(command.amount()));
        Duration timeout = command.timeout();
        if (timeout != null) {
            message.setTimeoutS(timeout.toSeconds());
        }
        with(command.details(), message::setDetails);
        return message;
    }

    private static LedgerProto.PostPending.Builder postPending(Command.PostPending command) {
        LedgerProto.PostPending.Builder message = LedgerProto.PostPending.newBuilder()
                .setPendingId(command.pendingId())
                .setKeepRest(command.keepRest());
        Money amount = command.amount();
        if (amount != null) {
            message.setAmount(money(amount));
        }
        with(command.details(), message::setDetails);
        return message;
    }

    private static LedgerProto.Reverse.Builder reverse(Command.Reverse command) {
        LedgerProto.Reverse.Builder message =
                LedgerProto.Reverse.newBuilder().setTransactionId(command.transactionId());
        Money amount = command.amount();
        if (amount != null) {
            message.setAmount(money(amount));
        }
        with(command.details(), message::setDetails);
        return message;
    }

    private static LedgerProto.ChangeAccount.Builder changeAccount(Command.ChangeAccount command) {
        LedgerProto.AccountChange change = change(command.change());
        LedgerProto.ChangeAccount.Builder message = LedgerProto.ChangeAccount.newBuilder()
                .setAccount(change.getAccount())
                .setState(change.getState())
                .setTightenOnly(command.tightenOnly());
        if (change.hasOverdraftLimit()) {
            message.setOverdraftLimit(change.getOverdraftLimit());
        }
        if (change.hasBounds()) {
            message.setBounds(change.getBounds());
        }
        if (change.hasCurrency()) {
            message.setCurrency(change.getCurrency());
        }
        return message;
    }

    static LedgerProto.AccountChange change(AccountChange change) {
        LedgerProto.AccountChange.Builder message =
                LedgerProto.AccountChange.newBuilder().setAccount(change.account());
        AccountState state = change.state();
        if (state != null) {
            message.setState(Enums.write(LedgerProto.AccountState.class, state));
        }
        Long limit = change.overdraftLimit();
        if (limit != null) {
            message.setOverdraftLimit(limit);
        }
        Bounds bounds = change.bounds();
        if (bounds != null) {
            message.setBounds(bounds(bounds));
        }
        Currency currency = change.currency();
        if (currency != null) {
            message.setCurrency(currency.code());
        }
        return message.build();
    }

    private static LedgerProto.Bounds bounds(Bounds bounds) {
        LedgerProto.Bounds.Builder message = LedgerProto.Bounds.newBuilder();
        Long minimum = bounds.minimum();
        if (minimum != null) {
            message.setMinimum(minimum);
        }
        Long maximum = bounds.maximum();
        if (maximum != null) {
            message.setMaximum(maximum);
        }
        return message.build();
    }

    static List<LedgerProto.Leg> legMessages(List<Leg> legs) {
        return legs.stream()
                .map(leg -> LedgerProto.Leg.newBuilder()
                        .setAccount(leg.account())
                        .setSide(Enums.side(leg.side()))
                        .setAmount(money(leg.amount()))
                        .build())
                .toList();
    }

    static LedgerProto.AccountSpec spec(AccountSpec spec) {
        LedgerProto.AccountSpec.Builder message = LedgerProto.AccountSpec.newBuilder()
                .setCode(spec.code())
                .setName(spec.name())
                .setType(Enums.write(LedgerProto.AccountType.class, spec.type()))
                .setNormalSide(Enums.side(spec.normalSide()))
                .setOverdraftLimit(spec.overdraftLimit())
                .putAllMetadata(spec.metadata());
        if (spec.rule() != BalanceRule.NONE) {
            message.setRule(Enums.write(LedgerProto.BalanceRule.class, spec.rule()));
        }
        if (!spec.bounds().equals(Bounds.NONE)) {
            message.setBounds(bounds(spec.bounds()));
        }
        Currency currency = spec.currency();
        if (currency != null) {
            message.setCurrency(currency.code());
        }
        String parent = spec.parent();
        if (parent != null) {
            message.setParent(parent);
        }
        return message.build();
    }

    static LedgerProto.Money money(Money money) {
        return LedgerProto.Money.newBuilder()
                .setMinorUnits(money.minorUnits())
                .setCurrency(money.currency().code())
                .build();
    }

    /** Without details there is no message of details: most transfers have none. */
    static void with(Details details, Consumer<LedgerProto.Details> field) {
        if (!details.equals(Details.NONE)) {
            field.accept(details(details));
        }
    }

    private static LedgerProto.Details details(Details details) {
        LedgerProto.Details.Builder message = LedgerProto.Details.newBuilder().putAllMetadata(details.metadata());
        String reference = details.reference();
        if (reference != null) {
            message.setReference(reference);
        }
        String correlationId = details.correlationId();
        if (correlationId != null) {
            message.setCorrelationId(correlationId);
        }
        LocalDate valueDate = details.valueDate();
        if (valueDate != null) {
            message.setValueDate(valueDate.toString());
        }
        return message.build();
    }
}
