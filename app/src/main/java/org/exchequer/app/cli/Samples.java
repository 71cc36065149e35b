package org.exchequer.app.cli;

/** The lines that show a new user that it works; the same as in the README. */
final class Samples {
    private static final String CURL = """
            A="Authorization: Bearer $(./exchequer token --role operatorDATA)"; J="Content-Type: application/json"
            curl -H "$A" -H "$J" -H "Idempotency-Key: try-1" URL/accounts \\
              -d '{"code":"2000.cust.you","name":"You","type":"LIABILITY","currency":"EUR","parent":"2000.cust"}'
            curl -H "$A" -H "$J" -H "Idempotency-Key: try-2" URL/transfers \\
              -d '{"debitAccount":"1000.cash","creditAccount":"2000.cust.you","amount":"10.50","currency":"EUR"}'
            curl -H "$A" URL/accounts/2000.cust.you/balance
            """;

    private Samples() {}

    /** Open an account, transfer to it, look at its balance. {@code dataOption} goes to commands that need it. */
    static String curl(String url, String dataOption) {
        return CURL.replace("DATA", dataOption)
                .replace("URL", url + "/ledger/api/v1")
                .stripTrailing();
    }
}
