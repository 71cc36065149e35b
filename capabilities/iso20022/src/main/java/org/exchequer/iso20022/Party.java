package org.exchequer.iso20022;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Who pays or is paid.
 *
 * @param name 1 to 140 characters
 * @param account the account that is debited or credited
 * @param agentBic BIC of the institution that keeps the account, 8 or 11 characters
 * @param country of residence, else of the postal address; two capital letters
 * @param birthDate of a person, where told
 */
public record Party(
        @Nullable String name,
        @Nullable Account account,
        @Nullable String agentBic,
        @Nullable String country,
        @Nullable LocalDate birthDate) {}
