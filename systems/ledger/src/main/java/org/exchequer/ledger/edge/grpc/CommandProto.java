package org.exchequer.ledger.edge.grpc;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.event.v1.Side;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;

/**
 * Commands as messages, read strictly and written back. Reading throws {@link FieldError} with the path of the field and
 * the rule it breaks; reading what was written gives an equal command.
 */
final class CommandProto {
    private CommandProto() {}

    static Command read(LedgerProto.Command message) {
        known(message, "command");
        String key = message.getKey();
        return switch (message.getCommandCase()) {
            case TRANSFER -> transfer(key, message.getTransfer());
            case POST -> post(key, message.getPost());
            case REVERSE -> reverse(key, message.getReverse());
            case OPEN_ACCOUNT -> openAccount(key, message.getOpenAccount());
            case CHANGE_ACCOUNT -> changeAccount(key, message.getChangeAccount());
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
                key, message.getTransactionId(), details(message.hasDetails(), message.getDetails()));
    }

    private static Command openAccount(String key, LedgerProto.OpenAccount message) {
        known(message, "openAccount");
        if (!message.hasAccount()) {
            throw new FieldError("account", "must be given");
        }
        return new Command.OpenAccount(key, spec(message.getAccount()));
    }

    private static Command changeAccount(String key, LedgerProto.ChangeAccount message) {
        known(message, "changeAccount");
        return new Command.ChangeAccount(
                key,
                message.getAccount(),
                message.getState() == LedgerProto.AccountState.ACCOUNT_STATE_UNSPECIFIED
                        ? null
                        : Enums.read(AccountState.class, message.getState(), "state"),
                message.hasOverdraftLimit() ? message.getOverdraftLimit() : null);
    }

    private static List<Leg> legs(List<LedgerProto.Leg> messages) {
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
                message.getMetadataMap());
    }

    private static Money money(boolean given, LedgerProto.Money message, String field) {
        if (!given) {
            throw new FieldError(field, "must be given");
        }
        known(message, field);
        return new Money(message.getMinorUnits(), currency(message.getCurrency(), field + ".currency"));
    }

    static Money money(LedgerProto.Money message) {
        return money(true, message, "amount");
    }

    static Currency currency(String code, String field) {
        return Currency.find(code)
                .orElseThrow(() -> new FieldError(field, "must be an ISO 4217 code with a minor unit, such as EUR"));
    }

    static Details details(boolean given, LedgerProto.Details message) {
        if (!given) {
            return Details.NONE;
        }
        known(message, "details");
        return new Details(
                message.hasReference() ? message.getReference() : null,
                message.hasCorrelationId() ? message.getCorrelationId() : null,
                message.getMetadataMap());
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
        return e.field().equals("idempotencyKey") ? "key" : e.field();
    }

    static LedgerProto.Command write(Command command) {
        LedgerProto.Command.Builder message = LedgerProto.Command.newBuilder().setKey(command.key());
        switch (command) {
            case Command.Transfer transfer -> message.setTransfer(transfer(transfer));
            case Command.Post post -> {
                LedgerProto.Post.Builder body = message.getPostBuilder().addAllLegs(legMessages(post.legs()));
                with(post.details(), body::setDetails);
            }
            case Command.Reverse reverse -> {
                LedgerProto.Reverse.Builder body =
                        message.getReverseBuilder().setTransactionId(reverse.transactionId());
                with(reverse.details(), body::setDetails);
            }
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

    private static LedgerProto.ChangeAccount.Builder changeAccount(Command.ChangeAccount command) {
        LedgerProto.ChangeAccount.Builder message =
                LedgerProto.ChangeAccount.newBuilder().setAccount(command.account());
        AccountState state = command.state();
        if (state != null) {
            message.setState(Enums.write(LedgerProto.AccountState.class, state));
        }
        Long limit = command.overdraftLimit();
        if (limit != null) {
            message.setOverdraftLimit(limit);
        }
        return message;
    }

    private static List<LedgerProto.Leg> legMessages(List<Leg> legs) {
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
        return message.build();
    }
}
