package org.exchequer.ledger.edge.csv;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Random;

/**
 * Made-up movements in the shape of the Berka data set: the same columns, types, operations, symbols and quirks
 * (blank symbols, withdrawals with a counter-account but no bank, balances below zero), about as often. The same seed
 * gives the same file.
 */
public final class BerkaGenerator {
    private static final String[] BANKS = {"AB", "CD", "EF", "GH", "IJ", "KL", "MN", "OP", "QR", "ST", "UV", "WX", "YZ"
    };
    private static final String[] SYMBOLS_OUT = {"", " ", "POJISTNE", "SIPO", "SIPO", "UVER"};

    private final Random random;
    private final int customers;
    private LocalDate date = LocalDate.of(1993, 1, 1);

    private BerkaGenerator(long seed, int customers) {
        this.random = new Random(seed);
        this.customers = customers;
    }

    /** A file of {@code rows} movements between {@code customers} accounts, without a cut row. */
    public static byte[] file(long seed, int rows, int customers) {
        BerkaGenerator generator = new BerkaGenerator(seed, customers);
        StringBuilder text = new StringBuilder("\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\"amount\";"
                + "\"balance\";\"k_symbol\";\"bank\";\"account\"\r\n");
        for (int i = 0; i < rows; i++) {
            text.append(generator.row(1 + i));
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private String row(int id) {
        if (random.nextInt(100) == 0) {
            date = date.plusDays(1);
        }
        int kind = random.nextInt(100);
        if (kind < 19) {
            return row(id, "PRIJEM", "", 50_000, "UROK", "", "");
        }
        if (kind < 39) {
            return row(id, "PRIJEM", "VKLAD", 5_000_000, "", "", "");
        }
        if (kind < 47) {
            return row(
                    id, "PRIJEM", "PREVOD Z UCTU", 3_000_000, random.nextBoolean() ? "" : "DUCHOD", bank(), account());
        }
        if (kind < 60) {
            String symbol = SYMBOLS_OUT[random.nextInt(SYMBOLS_OUT.length)];
            return row(id, "VYDAJ", "PREVOD NA UCET", 1_000_000, symbol, bank(), account());
        }
        if (kind < 71) {
            return row(id, "VYDAJ", "VYBER", 3_000, "SLUZBY", "", "");
        }
        return switch (kind) {
            case 71 -> row(id, "VYDAJ", "VYBER", 500, "SANKC. UROK", "", "");
            case 72 -> row(id, "VYDAJ", "VYBER KARTOU", 300_000, "", "", account());
            case 73 -> row(id, "VYDAJ", "VYBER", 300_000, "SIPO", "", account());
            case 74, 75 -> row(id, "VYBER", "VYBER", 3_000_000, "", "", "");
            default -> row(id, "VYDAJ", "VYBER", 3_000_000, "", "", "");
        };
    }

    private String row(
            int id, String type, String operation, int maxHaler, String symbol, String bank, String account) {
        BigDecimal amount = BigDecimal.valueOf(10L * (1 + random.nextInt(maxHaler / 10)), 2);
        String balance =
                BigDecimal.valueOf(random.nextInt(10_000_000) - 1_000_000, 2).toPlainString();
        return id + ";" + (1 + random.nextInt(customers)) + ";" + date.format(DateTimeFormatter.ofPattern("yyMMdd"))
                + ";\"" + type + "\";\"" + operation + "\";" + amount.toPlainString() + ";" + balance + ";\"" + symbol
                + "\";" + quoted(bank) + ";" + quoted(account) + "\r\n";
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : "\"" + text + "\"";
    }

    private String bank() {
        return BANKS[random.nextInt(BANKS.length)];
    }

    private String account() {
        return Integer.toString(10_000_000 + random.nextInt(90_000_000));
    }
}
