package org.exchequer.iso20022;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.validator.routines.IBANValidator;
import org.apache.commons.validator.routines.checkdigit.IBANCheckDigit;
import org.exchequer.kernel.Currency;
import org.jspecify.annotations.Nullable;

/** Values that have the right form, and may still not exist. */
final class Codes {
    /** ISO 4217, list one, as of January 2026, without funds codes, metals and codes for testing. */
    private static final String ACTIVE = """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
            CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD \
            HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL \
            LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP \
            PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT \
            TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW\
            """;

    private static final Map<String, Currency> CURRENCIES = currencies();

    /** Kosovo has a code of its own in BICs and IBANs, XK, which ISO 3166 leaves to users. */
    private static final Set<String> COUNTRIES = countries();

    private Codes() {}

    private static Map<String, Currency> currencies() {
        Map<String, Currency> active = new HashMap<>();
        for (String code : ACTIVE.split(" ", -1)) {
            Currency.find(code).ifPresent(currency -> active.put(code, currency));
        }
        return Map.copyOf(active);
    }

    private static Set<String> countries() {
        Set<String> countries = new java.util.HashSet<>(Set.of(Locale.getISOCountries()));
        countries.add("XK");
        return Set.copyOf(countries);
    }

    /** A currency that payments are made in today, or null. */
    static @Nullable Currency active(String code) {
        return CURRENCIES.get(code);
    }

    static boolean country(String code) {
        return COUNTRIES.contains(code);
    }

    /** A BIC of the right form whose country exists. */
    static boolean bic(String bic) {
        return country(bic.substring(4, 6));
    }

    /** ISO 7064 mod 97-10, and the form that the IBAN registry has for the country, where it has one. */
    static boolean iban(String iban) {
        IBANValidator registry = IBANValidator.getInstance();
        return registry.hasValidator(iban)
                ? registry.isValid(iban)
                : country(iban.substring(0, 2)) && IBANCheckDigit.IBAN_CHECK_DIGIT.isValid(iban);
    }
}
