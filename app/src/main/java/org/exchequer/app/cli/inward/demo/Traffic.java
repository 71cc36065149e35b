package org.exchequer.app.cli.inward.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.exchequer.app.cli.inward.demo.Forms.Content;
import org.exchequer.app.cli.inward.demo.Forms.Side;
import org.exchequer.app.cli.inward.demo.Sent.Message;
import org.exchequer.iso20022.MessageGenerator;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;

/**
 * Makes messages of all kinds. The seed decides kinds, parties and amounts; ids carry the run's start, so that no two
 * runs send the same message; what reversals, late cancellations and duplicates are about depends on the answers that
 * have come by then.
 */
final class Traffic {
    private static final List<String> BANKS =
            List.of("AAABSGSG", "BBBCSGSG", "CCCDDEFF", "DDDEFRPP", "EEEFGB2L", "FFFGNL2A", "GGGHJPJT", "HHHIHKHH");
    private static final List<String> CURRENCIES = List.of(
            "SGD", "SGD", "SGD", "SGD", "SGD", "SGD", "SGD", "SGD", "USD", "USD", "USD", "EUR", "EUR", "EUR", "GBP",
            "GBP", "JPY", "HKD", "CHF", "AUD");
    private static final List<String> NAMES = List.of(
            "Tan Wei Ming",
            "Lim Hui Ling",
            "Nur Aisyah binti Rahman",
            "Priya Pillai",
            "Joseph Fernandez",
            "Anna Schneider",
            "Łukasz Wiśniewski",
            "José García Núñez",
            "Siobhán O'Brien",
            "陳大文",
            "Müller & Söhne GmbH",
            "Ng Brothers Pte Ltd",
            "Yamada Taro");
    /** Of the made-up list that inward clearing screens against where it has no others; as people would write them. */
    private static final List<String> LISTED = List.of(
            "Zoltan Nemolovsky",
            "NEMOLOVSKY ZOLTAN",
            "Nemolowski Zoltan",
            "Amarante Quillobar",
            "Harrowgate Phantom Shipping Ltd",
            "OBLIVION METALS TRADING FZE");

    /** Of each currency those that are paid to again and again, and those that are hardly ever. */
    private static final int USUAL_ACCOUNTS = 40;

    private static final int RARE_ACCOUNTS = 9_000;
    private static final int THEIR_ACCOUNTS = 30_000;
    private static final int MOST_REMEMBERED = 2_000;
    private static final long RACE_NANOS = Duration.ofMillis(40).toNanos();

    private final SplittableRandom random;
    private final MessageGenerator broken;
    private final Clock clock;
    private final String run;
    private final String ours;
    private final List<Sent> remembered = new ArrayList<>();
    private int made;

    /** @param ours BIC of the institution that is written to */
    Traffic(long seed, Clock clock, String ours) {
        Instant start = clock.instant();
        this.random = new SplittableRandom(seed);
        this.clock = clock;
        this.run = Long.toString(start.toEpochMilli(), 36).toUpperCase(java.util.Locale.ROOT);
        this.broken = new MessageGenerator(seed ^ start.toEpochMilli(), LocalDate.ofInstant(start, ZoneOffset.UTC));
        this.ours = ours;
    }

    /** What the references of all payments of this run begin with. */
    String prefix() {
        return "E-" + run + "-";
    }

    /** Time until the next message, by chance: arrivals at this rate that know nothing of each other. */
    long gapNanos(double ratePerSecond) {
        return (long) (-Math.log(1 - random.nextDouble()) / ratePerSecond * 1e9);
    }

    /** Keeps what others may be about; from one thread. */
    void remember(Sent sent) {
        if (sent.kind() == Kind.TRANSFER || sent.kind() == Kind.DEBIT) {
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.subList(0, MOST_REMEMBERED / 2).clear();
            }
            remembered.add(sent);
        }
    }

    /** A message of whatever kind comes next; where nothing is there that it could be about, a transfer. */
    Message next() {
        int lot = random.nextInt(100);
        for (Kind kind : Kind.values()) {
            lot -= kind.share();
            if (lot < 0) {
                return make(kind).orElseGet(this::transfer);
            }
        }
        return transfer();
    }

    /** What follows a message closely and races it: a cancellation, a duplicate, or usually nothing. */
    Optional<Message> rival(Sent sent) {
        if (sent.kind() != Kind.TRANSFER) {
            return Optional.empty();
        }
        int lot = random.nextInt(100);
        long after = random.nextLong(RACE_NANOS);
        if (lot < 4) {
            return Optional.of(cancel(sent, "cancellation that races", after));
        }
        return lot < 7 ? Optional.of(again(sent, "duplicate at the same time", after)) : Optional.empty();
    }

    private Optional<Message> make(Kind kind) {
        return switch (kind) {
            case TRANSFER -> Optional.of(transfer());
            case DEBIT -> Optional.of(debit());
            case REVERSAL -> carriedOut().map(this::reverse);
            case CANCELLATION -> carriedOut().map(sent -> cancel(sent, "cancellation that is too late", 0));
            case DUPLICATE -> any().map(sent -> again(sent, "duplicate", 0));
            case MALFORMED -> Optional.of(malformed());
            case AGAINST_RULE -> Optional.of(againstRule());
            case LISTED -> Optional.of(listed());
            case UNREADABLE -> Optional.of(unreadable());
        };
    }

    private Message transfer() {
        Content content = transferContent();
        boolean json = random.nextInt(6) == 0;
        return money(
                Kind.TRANSFER,
                json ? "transfer in JSON" : "transfer",
                MessageType.PACS_008,
                content,
                json ? Forms.json(content) : Forms.transfer(content));
    }

    private Message debit() {
        Content content = content(amount(2_000), party(ours(0), ours), party(theirs(), sender()));
        return money(Kind.DEBIT, "direct debit", MessageType.PACS_003, content, Forms.debit(content));
    }

    private Message reverse(Sent original) {
        Money whole = java.util.Objects.requireNonNull(original.message().amount());
        long part = random.nextBoolean() ? whole.minorUnits() : 1 + random.nextLong(whole.minorUnits());
        Content content = about(original, new Money(part, whole.currency()));
        return new Message(
                Kind.REVERSAL,
                part == whole.minorUnits() ? "reversal" : "reversal in part",
                MessageType.PACS_007,
                Forms.reversal(content, original.message()),
                content.messageId(),
                "",
                "",
                content.from(),
                content.amount(),
                original,
                0);
    }

    private Message cancel(Sent original, String what, long afterNanos) {
        Content content = about(
                original, java.util.Objects.requireNonNull(original.message().amount()));
        return new Message(
                Kind.CANCELLATION,
                what,
                MessageType.CAMT_056,
                Forms.cancellation(content, original.message()),
                content.messageId(),
                "",
                "",
                content.from(),
                null,
                original,
                afterNanos);
    }

    private static Message again(Sent original, String what, long afterNanos) {
        Message first = original.message();
        return new Message(
                Kind.DUPLICATE,
                what,
                first.type(),
                first.bytes(),
                first.messageId(),
                first.endToEndId(),
                first.uetr(),
                first.from(),
                first.amount(),
                original,
                afterNanos);
    }

    private Message malformed() {
        MessageGenerator.Fault[] faults = MessageGenerator.Fault.values();
        MessageGenerator.Fault fault = faults[random.nextInt(faults.length)];
        return new Message(
                Kind.MALFORMED,
                "transfer with "
                        + fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                MessageType.PACS_008,
                broken.broken(fault).xml(),
                "",
                "",
                "",
                "",
                null,
                null,
                0);
    }

    private Message listed() {
        String name = LISTED.get(random.nextInt(LISTED.size()));
        boolean payer = random.nextBoolean();
        Content content = transferContent();
        Side debtor = payer
                ? new Side(name, content.debtor().account(), content.debtor().bic())
                : content.debtor();
        Side creditor = payer
                ? content.creditor()
                : new Side(
                        name, content.creditor().account(), content.creditor().bic());
        Content with = with(content, content.from(), content.to(), content.amount(), debtor, creditor);
        return money(Kind.LISTED, "transfer " + (payer ? "of" : "to") + " a listed party", with);
    }

    private Message unreadable() {
        byte[] whole = Forms.transfer(transferContent());
        byte[] bytes = switch (random.nextInt(5)) {
            case 0 -> java.util.Arrays.copyOf(whole, random.nextInt(1, whole.length));
            case 1 ->
                ("this is no message, and its number is " + made).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case 2 ->
                ("{\"messageType\":\"PACS_008\",\"messageId\":\"" + made)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            case 3 ->
                ("<!DOCTYPE a [<!ENTITY b \"" + made + "\">]><Document>&b;</Document>")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            default -> {
                byte[] noise = new byte[200];
                for (int i = 0; i < noise.length; i++) {
                    noise[i] = (byte) random.nextInt(256);
                }
                yield noise;
            }
        };
        return new Message(Kind.UNREADABLE, "unreadable message", null, bytes, "", "", "", "", null, null, 0);
    }

    private Message againstRule() {
        Content good = transferContent();
        return switch (random.nextInt(13)) {
            case 0 -> to(good, "to an unknown account", 94);
            case 1 -> to(good, "to a closed account", 91);
            case 2 -> to(good, "to a blocked account", 90);
            case 3 -> to(good, "to an account in another currency", 93);
            case 4 -> rule("from an unknown bank", with(good, "ZZZZSGSG", good.to(), good.amount()));
            case 5 -> rule("for another bank", with(good, good.from(), "AAABSGSG", good.amount()));
            case 6 ->
                rule("above the limit", with(good, good.from(), good.to(), new Money(900_000_000_000L, currency())));
            case 7 ->
                rule(
                        "in a currency that is not taken",
                        with(good, good.from(), good.to(), new Money(10_000, Currency.of("THB"))));
            case 8 -> rule("that was made a minute ago", at(good, good.created().minusSeconds(60), good.day()));
            case 9 -> rule("from the future", at(good, good.created().plusSeconds(60), good.day()));
            case 10 ->
                rule(
                        "for a day that is over",
                        at(good, good.created(), good.day().minusDays(3)));
            case 11 -> rule("without a reference", withUetr(good, ""));
            default ->
                carriedOut()
                        .map(sent -> rule(
                                "with another payment's reference",
                                withUetr(good, sent.message().uetr())))
                        .orElseGet(() -> to(good, "to an unknown account", 94));
        };
    }

    private Message to(Content good, String what, int lastDigits) {
        Side creditor = new Side(
                good.creditor().name(), ours(lastDigits), good.creditor().bic());
        return rule(what, with(good, good.from(), good.to(), good.amount(), good.debtor(), creditor));
    }

    private static Message rule(String what, Content content) {
        return money(Kind.AGAINST_RULE, "transfer " + what, content);
    }

    private static Message money(Kind kind, String what, Content content) {
        return money(kind, what, MessageType.PACS_008, content, Forms.transfer(content));
    }

    private static Message money(Kind kind, String what, MessageType type, Content content, byte[] bytes) {
        return new Message(
                kind,
                what,
                type,
                bytes,
                content.messageId(),
                content.endToEndId(),
                content.uetr(),
                content.from(),
                content.amount(),
                null,
                0);
    }

    private Content transferContent() {
        return content(amount(500_000), party(theirs(), sender()), party(ours(0), ours));
    }

    private Content content(Money amount, Side debtor, Side creditor) {
        made++;
        Instant now = clock.instant();
        return new Content(
                "M-" + run + "-" + made,
                prefix() + made,
                "T-" + run + "-" + made,
                uuid().toString(),
                now,
                LocalDate.ofInstant(now, ZoneOffset.UTC),
                debtor.bic().equals(ours) ? creditor.bic() : debtor.bic(),
                ours,
                amount,
                debtor,
                creditor);
    }

    private Content about(Sent original, Money amount) {
        Content fresh = transferContent();
        return with(fresh, original.message().from(), ours, amount);
    }

    private static Content with(Content of, String from, String to, Money amount) {
        return with(of, from, to, amount, of.debtor(), of.creditor());
    }

    private static Content with(Content of, String from, String to, Money amount, Side debtor, Side creditor) {
        return new Content(
                of.messageId(),
                of.endToEndId(),
                of.transactionId(),
                of.uetr(),
                of.created(),
                of.day(),
                from,
                to,
                amount,
                debtor,
                creditor);
    }

    private static Content at(Content of, Instant created, LocalDate day) {
        return new Content(
                of.messageId(),
                of.endToEndId(),
                of.transactionId(),
                of.uetr(),
                created,
                day,
                of.from(),
                of.to(),
                of.amount(),
                of.debtor(),
                of.creditor());
    }

    private static Content withUetr(Content of, String uetr) {
        return new Content(
                of.messageId(),
                of.endToEndId(),
                of.transactionId(),
                uetr,
                of.created(),
                of.day(),
                of.from(),
                of.to(),
                of.amount(),
                of.debtor(),
                of.creditor());
    }

    /** A payment that was accepted, by chance. */
    private Optional<Sent> carriedOut() {
        for (int tries = 0; tries < 20 && !remembered.isEmpty(); tries++) {
            Sent sent = remembered.get(random.nextInt(remembered.size()));
            Sent.Told told = sent.told();
            if (sent.kind() == Kind.TRANSFER && told != null && told.accepted()) {
                return Optional.of(sent);
            }
        }
        return Optional.empty();
    }

    private Optional<Sent> any() {
        return remembered.isEmpty() ? Optional.empty() : Optional.of(remembered.get(random.nextInt(remembered.size())));
    }

    /** Many small ones, few large. */
    private Money amount(long most) {
        long bound = 100;
        for (int digits = random.nextInt(4); digits > 0; digits--) {
            bound *= 10;
        }
        return new Money(1 + random.nextLong(Math.min(most, bound * 5)), currency());
    }

    private Currency currency() {
        return Currency.of(CURRENCIES.get(random.nextInt(CURRENCIES.size())));
    }

    private String sender() {
        return BANKS.get(random.nextInt(BANKS.size()));
    }

    private Side party(String account, String bic) {
        return new Side(NAMES.get(random.nextInt(NAMES.size())), account, bic);
    }

    /** The last two digits decide what is special about an account of the simulated core banking systems. */
    private String ours(int lastDigits) {
        int number = random.nextInt(5) > 0 ? random.nextInt(USUAL_ACCOUNTS) : 1_000 + random.nextInt(RARE_ACCOUNTS);
        return "10%04d%02d".formatted(number, lastDigits);
    }

    private String theirs() {
        return "77%06d00".formatted(random.nextInt(THEIR_ACCOUNTS));
    }

    /** Version 4, variant 2, as the pattern of a UETR wants; not from the seed, which would make the same again. */
    private static UUID uuid() {
        return UUID.randomUUID();
    }
}
