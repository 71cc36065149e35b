package org.exchequer.inward;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.DeadLetter;
import org.exchequer.inward.api.DeadLetters;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Submission;
import org.exchequer.inward.store.DeadLetterTable;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands dead letters in again, and keeps the link between the old message and what became of the new one. */
final class Resubmitter implements DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(Resubmitter.class);

    private final DeadLetterTable table;
    private final Inward inward;
    private final Identifiers ids;
    private final Clock clock;

    Resubmitter(DeadLetterTable table, Inward inward, Clock clock) {
        this.table = table;
        this.inward = inward;
        this.ids = new Identifiers(clock);
        this.clock = clock;
    }

    @Override
    public Optional<DeadLetter> letter(UUID id) {
        try {
            return table.letter(id);
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    @Override
    public Page<DeadLetter> letters(@Nullable String cursor, int limit) {
        try {
            return table.letters(cursor, limit);
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    @Override
    public Optional<Submission> resubmit(UUID id, byte @Nullable [] message, String by) {
        Optional<DeadLetter> found = letter(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        UUID attempt = ids.next();
        try {
            table.begin(attempt, id, clock.instant(), by, message != null);
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
        byte[] text = message == null ? found.get().message() : message;
        return Optional.of(
                switch (inward.submit(text, DOOR, Duration.ZERO)) {
                    case Submission.Taken taken ->
                        new Submission.Taken(taken.answer().thenApply(answer -> linked(attempt, answer)));
                    case Submission.Unreadable unreadable -> {
                        note(attempt, null, null, unreadable.deadLetter());
                        yield unreadable;
                    }
                    case Submission.Busy busy -> busy;
                });
    }

    private Answered linked(UUID attempt, Answered answer) {
        note(attempt, answer.payment(), answer.status(), null);
        return answer;
    }

    /** The answer is given whether or not the link can be stored: the payment is there. */
    private void note(UUID attempt, @Nullable UUID payment, @Nullable String status, @Nullable UUID again) {
        try {
            table.end(attempt, payment, status, again);
        } catch (SQLException e) {
            LOG.warn("What became of resubmission {} is not noted: {}", attempt, e.getMessage());
        }
    }
}
