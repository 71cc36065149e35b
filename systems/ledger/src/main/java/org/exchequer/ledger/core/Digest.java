package org.exchequer.ledger.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.jspecify.annotations.Nullable;

/** 128-bit digests of keys and requests: the first half of SHA-256 (FIPS 180-4) over unambiguous bytes. */
public final class Digest {
    private static final MessageDigest SHA_256 = sha256();
    private static final int RFC_9562 = 2;
    private static final long HASHED = 0b111L << 61;

    private Digest() {}

    /**
     * What a key is filed under. A key that is itself a UUID of RFC 9562 (variant 10) in canonical form is filed as it
     * is, so that time-ordered UUIDs keep the index compact; any other by its hash, marked with the variant bits 111.
     * So nobody can choose a key that is filed where another's hash is. Whoever reads by digest compares the key's text
     * too.
     */
    public static UUID ofKey(String key) {
        if (key.length() == 36 && key.charAt(8) == '-' && key.charAt(13) == '-') {
            UUID uuid = canonicalUuid(key);
            if (uuid != null && uuid.variant() == RFC_9562) {
                return uuid;
            }
        }
        UUID hash = half(copy().digest(key.getBytes(StandardCharsets.UTF_8)));
        return new UUID(hash.getMostSignificantBits(), hash.getLeastSignificantBits() | HASHED);
    }

    /** Digest of everything a command asks for, its key left out. */
    public static UUID ofRequest(Command command) {
        Encoder encoder = new Encoder();
        switch (command) {
            case Command.Transfer transfer -> {
                // A transfer is the two-leg post it abbreviates, so both forms of one request are the same request.
                encoder.text("post").number(2);
                encoder.text(transfer.debitAccount()).number(0).money(transfer.amount());
                encoder.text(transfer.creditAccount()).number(1).money(transfer.amount());
                encoder.details(transfer.details());
            }
            case Command.Post post -> {
                encoder.text("post").legs(post.legs()).details(post.details());
            }
            case Command.Hold hold -> {
                encoder.text("hold")
                        .text(hold.debitAccount())
                        .text(hold.creditAccount())
                        .money(hold.amount());
                encoder.number(hold.timeout() == null ? 0 : hold.timeout().toSeconds());
                encoder.details(hold.details());
            }
            case Command.PostPending post -> {
                encoder.text("post pending").number(post.pendingId()).optionalMoney(post.amount());
                encoder.number(post.keepRest() ? 1 : 0).details(post.details());
            }
            case Command.VoidPending release ->
                encoder.text("void pending").number(release.pendingId()).details(release.details());
            case Command.Reverse reverse -> {
                encoder.text("reverse").number(reverse.transactionId()).optionalMoney(reverse.amount());
                encoder.details(reverse.details());
            }
            case Command.ProposeAdjustment propose -> {
                encoder.text("propose adjustment").legs(propose.legs());
                encoder.text(propose.reason()).text(propose.author()).details(propose.details());
                if (propose.change() != null) {
                    encoder.change(propose.change());
                }
            }
            case Command.DecideAdjustment decide -> {
                encoder.text("decide adjustment")
                        .number(decide.adjustmentId())
                        .number(decide.approve() ? 1 : 0)
                        .text(decide.decidedBy());
                if (!decide.reason().isEmpty()) {
                    encoder.text(decide.reason());
                }
            }
            case Command.CloseDay close ->
                encoder.text("close day").number(close.day().toEpochDay()).text(close.closedBy());
            case Command.OpenAccount open -> {
                AccountSpec spec = open.account();
                encoder.text("open").text(spec.code()).text(spec.name());
                encoder.text(spec.type().name()).text(spec.normalSide().name());
                encoder.text(spec.currency() == null ? null : spec.currency().code());
                encoder.text(spec.parent()).text(spec.rule().name()).number(spec.overdraftLimit());
                encoder.bounds(spec.bounds());
                encoder.map(spec.metadata());
            }
            case Command.ChangeAccount change -> encoder.text("change").change(change.change());
        }
        return half(encoder.digest());
    }

    /** A fresh SHA-256; a copy, because looking the algorithm up costs more than a digest. */
    public static MessageDigest copy() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static UUID half(byte[] digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private static @Nullable UUID canonicalUuid(String key) {
        for (int i = 0; i < 36; i++) {
            char c = key.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return null;
            }
        }
        return UUID.fromString(key);
    }

    /** Length-prefixed fields, so that no two requests have the same bytes. */
    private static final class Encoder {
        private ByteBuffer buffer = ByteBuffer.allocate(256);

        Encoder text(@Nullable String text) {
            if (text == null) {
                return number(-1);
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            room(bytes.length).put(bytes);
            return this;
        }

        Encoder number(long number) {
            room(8).putLong(number);
            return this;
        }

        Encoder money(Money money) {
            return number(money.minorUnits()).text(money.currency().code());
        }

        Encoder optionalMoney(@Nullable Money money) {
            return money == null ? text(null) : money(money);
        }

        Encoder legs(List<Leg> legs) {
            number(legs.size());
            for (Leg leg : legs) {
                text(leg.account()).number(leg.side().ordinal()).money(leg.amount());
            }
            return this;
        }

        void change(AccountChange change) {
            text(change.account());
            text(change.state() == null ? null : change.state().name());
            number(change.overdraftLimit() == null ? -1 : change.overdraftLimit());
            number(change.bounds() == null ? 0 : 1);
            bounds(change.bounds() == null ? Bounds.NONE : change.bounds());
            if (change.currency() != null) {
                text(change.currency().code());
            }
        }

        void bounds(Bounds bounds) {
            // No bound can be the least long.
            number(bounds.minimum() == null ? Long.MIN_VALUE : bounds.minimum());
            number(bounds.maximum() == null ? Long.MIN_VALUE : bounds.maximum());
        }

        Encoder map(Map<String, String> map) {
            number(map.size());
            map.forEach((key, value) -> text(key).text(value));
            return this;
        }

        void details(Details details) {
            text(details.reference()).text(details.correlationId()).map(details.metadata());
            number(
                    details.valueDate() == null
                            ? Long.MIN_VALUE
                            : details.valueDate().toEpochDay());
        }

        byte[] digest() {
            MessageDigest digest = copy();
            digest.update(buffer.array(), 0, buffer.position());
            return digest.digest();
        }

        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes));
                buffer = larger.put(buffer.flip());
            }
            return buffer;
        }
    }
}
