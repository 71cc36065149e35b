package org.exchequer.ledger.edge.grpc;

import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;

/** Outcomes as messages and back; reading what was written gives an equal outcome. */
final class OutcomeProto {
    private OutcomeProto() {}

    static LedgerProto.Outcome write(Outcome outcome) {
        LedgerProto.Outcome.Builder message = LedgerProto.Outcome.newBuilder();
        switch (outcome) {
            case Outcome.Posted posted ->
                message.setPosted(LedgerProto.Posted.newBuilder()
                        .setTransaction(ViewProto.write(posted.transaction()))
                        .setReplayed(posted.replayed()));
            case Outcome.Held held ->
                message.setHeld(LedgerProto.Held.newBuilder()
                        .setPending(ViewProto.write(held.pending()))
                        .setReplayed(held.replayed()));
            case Outcome.Released released ->
                message.setReleased(LedgerProto.Released.newBuilder()
                        .setPendingId(released.pendingId())
                        .setReleased(CommandProto.money(released.released()))
                        .setSequence(released.sequence())
                        .setReplayed(released.replayed()));
            case Outcome.Proposed proposed ->
                message.setProposed(LedgerProto.Proposed.newBuilder()
                        .setAdjustment(ViewProto.write(proposed.adjustment()))
                        .setReplayed(proposed.replayed()));
            case Outcome.Dismissed dismissed ->
                message.setDismissed(LedgerProto.Dismissed.newBuilder()
                        .setAdjustmentId(dismissed.adjustmentId())
                        .setSequence(dismissed.sequence())
                        .setReplayed(dismissed.replayed()));
            case Outcome.DayClosed closed ->
                message.setDayClosed(LedgerProto.DayClosed.newBuilder()
                        .setClose(ViewProto.write(closed.close()))
                        .setReplayed(closed.replayed()));
            case Outcome.AccountChanged changed ->
                message.setAccountChanged(LedgerProto.AccountChanged.newBuilder()
                        .setAccount(ViewProto.write(changed.account()))
                        .setSequence(changed.sequence())
                        .setReplayed(changed.replayed()));
            case Outcome.Rejected rejected ->
                message.setRejected(LedgerProto.Rejected.newBuilder()
                        .setReason(rejected.reason().name())
                        .setField(rejected.field())
                        .setDetail(rejected.detail())
                        .setSequence(rejected.sequence())
                        .setReplayed(rejected.replayed()));
            case Outcome.Refused refused ->
                message.setRefused(LedgerProto.Refused.newBuilder()
                        .setCause(refused.cause().name())
                        .setRetryAfterMs(refused.retryAfterMs()));
            case Outcome.Unknown unknown ->
                message.setUnknown(LedgerProto.Unknown.newBuilder().setWhy(unknown.why()));
        }
        return message.build();
    }

    /** @throws InvalidCommandException when the server could make nothing of the command, or would not */
    static Outcome read(LedgerProto.Outcome message) {
        return switch (message.getOutcomeCase()) {
            case POSTED -> {
                LedgerProto.Posted posted = message.getPosted();
                yield new Outcome.Posted(ViewProto.read(posted.getTransaction()), posted.getReplayed());
            }
            case HELD -> {
                LedgerProto.Held held = message.getHeld();
                yield new Outcome.Held(ViewProto.read(held.getPending()), held.getReplayed());
            }
            case RELEASED -> {
                LedgerProto.Released released = message.getReleased();
                yield new Outcome.Released(
                        released.getPendingId(),
                        CommandProto.money(released.getReleased()),
                        released.getSequence(),
                        released.getReplayed());
            }
            case PROPOSED -> {
                LedgerProto.Proposed proposed = message.getProposed();
                yield new Outcome.Proposed(ViewProto.read(proposed.getAdjustment()), proposed.getReplayed());
            }
            case DISMISSED -> {
                LedgerProto.Dismissed dismissed = message.getDismissed();
                yield new Outcome.Dismissed(
                        dismissed.getAdjustmentId(), dismissed.getSequence(), dismissed.getReplayed());
            }
            case DAY_CLOSED -> {
                LedgerProto.DayClosed closed = message.getDayClosed();
                yield new Outcome.DayClosed(ViewProto.read(closed.getClose()), closed.getReplayed());
            }
            case ACCOUNT_CHANGED -> {
                LedgerProto.AccountChanged changed = message.getAccountChanged();
                yield new Outcome.AccountChanged(
                        ViewProto.read(changed.getAccount()), changed.getSequence(), changed.getReplayed());
            }
            case REJECTED -> {
                LedgerProto.Rejected rejected = message.getRejected();
                yield new Outcome.Rejected(
                        RejectionReason.valueOf(rejected.getReason()),
                        rejected.getField(),
                        rejected.getDetail(),
                        rejected.getSequence(),
                        rejected.getReplayed());
            }
            case REFUSED -> {
                LedgerProto.Refused refused = message.getRefused();
                yield new Outcome.Refused(Outcome.Refused.Cause.valueOf(refused.getCause()), refused.getRetryAfterMs());
            }
            case UNKNOWN -> new Outcome.Unknown(message.getUnknown().getWhy());
            case INVALID -> {
                LedgerProto.Invalid invalid = message.getInvalid();
                throw new InvalidCommandException(invalid.getCode(), invalid.getField() + " " + invalid.getRule());
            }
            case OUTCOME_NOT_SET -> new Outcome.Unknown("the server answers in words of a newer version");
        };
    }
}
