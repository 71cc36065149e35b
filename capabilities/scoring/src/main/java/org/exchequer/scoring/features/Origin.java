package org.exchequer.scoring.features;

/**
 * Where an order came from. What is not known is {@link Party#UNKNOWN}, NaN or empty.
 *
 * @param channel where it was ordered
 * @param device pseudonym of the device's fingerprint
 * @param ip pseudonym of the address
 * @param country ISO 3166-1 alpha-2 code of the address, empty if not known
 * @param latitude degrees, −90 to 90, or NaN
 * @param longitude degrees, −180 to 180, or NaN
 * @param utcOffsetMinutes what the device's clock says, −840 to 840, or {@link #UNKNOWN_OFFSET}
 * @param hidden 1 behind a VPN or proxy, 0 not, −1 not known
 * @param reputation how good the address's network is, 0 bad to 1 good, or NaN
 * @param behaviour how much mouse and keys moved like the customer's, 0 not at all to 1 fully, or NaN
 */
public record Origin(
        Channel channel,
        long device,
        long ip,
        String country,
        float latitude,
        float longitude,
        int utcOffsetMinutes,
        int hidden,
        float reputation,
        float behaviour) {
    public static final int UNKNOWN_OFFSET = Integer.MIN_VALUE;

    private static final int MOST_LATITUDE = 90;
    private static final int MOST_LONGITUDE = 180;
    private static final int MOST_OFFSET = 840;

    public Origin {
        within("latitude", latitude, -MOST_LATITUDE, MOST_LATITUDE);
        within("longitude", longitude, -MOST_LONGITUDE, MOST_LONGITUDE);
        within("reputation", reputation, 0, 1);
        within("behaviour", behaviour, 0, 1);
        if (hidden < -1 || hidden > 1) {
            throw new IllegalArgumentException("hidden must be -1, 0 or 1, not " + hidden);
        }
        if (utcOffsetMinutes != UNKNOWN_OFFSET && Math.abs(utcOffsetMinutes) > MOST_OFFSET) {
            throw new IllegalArgumentException("utcOffsetMinutes must be from -840 to 840, not " + utcOffsetMinutes);
        }
        if (!country.isEmpty() && country.length() != 2) {
            throw new IllegalArgumentException("country must be two letters or empty");
        }
    }

    /** An order of which nothing but the channel is known. */
    public static Origin of(Channel channel) {
        return new Origin(channel, 0, 0, "", Float.NaN, Float.NaN, UNKNOWN_OFFSET, -1, Float.NaN, Float.NaN);
    }

    boolean located() {
        return !Float.isNaN(latitude) && !Float.isNaN(longitude);
    }

    private static void within(String name, float value, float least, float most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + most + " or NaN, not " + value);
        }
    }
}
