package org.exchequer.screening.list;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Country names as sanctions lists write them, to ISO 3166-1 alpha-2. */
public final class Countries {
    private static final Map<String, String> CODES = codes();

    private Countries() {}

    /** The code of a name or of a code, or null where it is no country: then it is no evidence either. */
    public static @Nullable String code(String name) {
        return CODES.get(key(name));
    }

    private static String key(String name) {
        return name.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L} ]", "")
                .replaceAll("\\s+", " ");
    }

    private static Map<String, String> codes() {
        Map<String, String> codes = new HashMap<>();
        for (String code : Locale.getISOCountries()) {
            codes.put(key(Locale.of("", code).getDisplayCountry(Locale.ENGLISH)), code);
            codes.put(key(code), code);
        }
        for (String other : OTHER_NAMES.split("\n")) {
            int colon = other.indexOf(':');
            for (String name : other.substring(colon + 1).split(";")) {
                codes.put(key(name), other.substring(0, colon));
            }
        }
        return Map.copyOf(codes);
    }

    private static final String OTHER_NAMES = """
            BA:Bosnia and Herzegovina
            BN:Brunei Darussalam
            BS:Bahamas, The
            CD:Congo, Democratic Republic of the;Democratic Republic of the Congo;Democratic Republic of Congo;DRC
            CG:Congo, Republic of the;Republic of the Congo;Congo
            CI:Cote d Ivoire;Cote d'Ivoire;Ivory Coast
            CV:Cabo Verde
            CZ:Czech Republic
            FM:Micronesia, Federated States of
            GB:United Kingdom of Great Britain and Northern Ireland;Great Britain;England
            GM:The Gambia;Gambia, The
            HK:Hong Kong;Hong Kong SAR
            IR:Iran (Islamic Republic of);Islamic Republic of Iran
            KN:Saint Kitts and Nevis
            KP:Korea, North;North Korea;Democratic People's Republic of Korea;DPRK
            KR:Korea, South;South Korea;Republic of Korea
            LA:Lao People's Democratic Republic;Lao PDR
            LC:Saint Lucia
            LY:Libyan Arab Jamahiriya
            MD:Republic of Moldova
            MK:Macedonia;Macedonia, The Former Yugoslav Republic of;North Macedonia
            MM:Burma;Myanmar
            MO:Macau;Macao
            NL:Netherlands Antilles;The Netherlands
            PS:Palestinian;West Bank;Region: Gaza;Gaza;State of Palestine;Palestine;Occupied Palestinian Territory
            RU:Russian Federation
            SY:Syrian Arab Republic
            SZ:Swaziland
            TL:East Timor;Timor-Leste
            TR:Turkey;Turkiye;Türkiye
            TT:Trinidad and Tobago
            TW:Taiwan, Province of China
            TZ:United Republic of Tanzania
            UA:Region: Crimea;Crimea
            US:United States of America;USA
            VC:Saint Vincent and the Grenadines
            VE:Venezuela (Bolivarian Republic of)
            VG:Virgin Islands, British;British Virgin Islands
            VN:Viet Nam
            XK:Kosovo""";
}
