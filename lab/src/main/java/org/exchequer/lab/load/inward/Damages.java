package org.exchequer.lab.load.inward;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** What can be wrong with a message on its way: none of these may be accepted. */
final class Damages {
    private static final int HOUR = 3_600;
    private static final String MARK = "@";
    /** A slash in two bytes where one is the only right form. */
    private static final byte[] OVERLONG = {(byte) 0xC0, (byte) 0xAF};
    /** Half of a pair, which stands for nothing. */
    private static final byte[] HALF_A_PAIR = {(byte) 0xED, (byte) 0xA0, (byte) 0x80};
    /** The first two of three bytes. */
    private static final byte[] BROKEN_OFF = {(byte) 0xE6, (byte) 0x9D};

    private Damages() {}

    /**
     * One of them.
     *
     * @param how it is damaged, after "though"
     * @param make the bytes of a good message's members
     */
    record Damage(String how, BiFunction<Map<String, String>, Clock, byte[]> make) {}

    static final List<Damage> ALL = List.of(
            new Damage("it ends in the middle", (is, clock) -> {
                byte[] whole = Letter.json(is);
                return Arrays.copyOf(whole, whole.length / 2);
            }),
            new Damage(
                    "its name is not UTF-8",
                    (is, clock) -> raw(is, "debtorName", "T\u00e4n".getBytes(StandardCharsets.ISO_8859_1))),
            new Damage("its name has half a character", (is, clock) -> raw(is, "creditorName", HALF_A_PAIR)),
            new Damage("its remittance is not UTF-8", (is, clock) -> raw(is, "remittance", OVERLONG)),
            new Damage("its remittance breaks off in a character", (is, clock) -> raw(is, "remittance", BROKEN_OFF)),
            new Damage("its amount has a third decimal", (is, clock) -> with(is, "amount", amount(is) + "5")),
            new Damage(
                    "its amount went through floating point",
                    (is, clock) -> with(is, "amount", amount(is) + "00000000000004")),
            new Damage("its amount has an exponent", (is, clock) -> with(is, "amount", amount(is) + "e0")),
            new Damage(
                    "its amount is no text",
                    (is, clock) -> new String(Letter.json(is), StandardCharsets.UTF_8)
                            .replace("\"" + amount(is) + "\"", amount(is))
                            .getBytes(StandardCharsets.UTF_8)),
            new Damage(
                    "its amount is cut off",
                    (is, clock) -> with(is, "amount", amount(is).replaceFirst("[0-9]+$", ""))),
            new Damage("its amount is negative", (is, clock) -> with(is, "amount", "-" + amount(is))),
            new Damage("its amount is nothing", (is, clock) -> with(is, "amount", "0.00")),
            new Damage("its amount has cents of yen", (is, clock) -> with(is, "currency", "JPY")),
            new Damage("its currency does not exist", (is, clock) -> with(is, "currency", "ZZZ")),
            new Damage("its currency is cut off", (is, clock) -> with(is, "currency", "SG")),
            new Damage(
                    "it was made an hour ago",
                    (is, clock) -> with(
                            is, "created", clock.instant().minusSeconds(HOUR).toString())),
            new Damage("its account is cut off", (is, clock) -> with(is, "creditorAccount", "")),
            new Damage("its IBAN is cut off", (is, clock) -> {
                Map<String, String> members = new TreeMap<>(is);
                members.remove("creditorAccount");
                return with(members, "creditorIban", "DE8937040044053201300");
            }),
            new Damage("its IBAN has two digits changed about", (is, clock) -> {
                Map<String, String> members = new TreeMap<>(is);
                members.remove("creditorAccount");
                return with(members, "creditorIban", "DE89370400440523013000");
            }));

    private static String amount(Map<String, String> members) {
        return members.getOrDefault("amount", "1.00");
    }

    private static byte[] with(Map<String, String> members, String name, String value) {
        Map<String, String> changed = new TreeMap<>(members);
        changed.put(name, value);
        return Letter.json(changed);
    }

    /** With bytes in a member that are no text. */
    private static byte[] raw(Map<String, String> members, String name, byte[] bytes) {
        String[] around = new String(with(members, name, "Ming " + MARK), StandardCharsets.UTF_8).split(MARK, 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(around[0].getBytes(StandardCharsets.UTF_8));
        out.writeBytes(bytes);
        out.writeBytes(around[1].getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
