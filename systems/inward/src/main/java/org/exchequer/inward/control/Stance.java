package org.exchequer.inward.control;

import java.util.List;
import org.exchequer.inward.Settings;
import org.exchequer.inward.api.Measure;
import org.exchequer.kernel.Money;

/**
 * What a payment is decided under, from its receipt to its end.
 *
 * @param settings as configured, with more time where somebody has granted it
 * @param revision of the configuration
 * @param experiments that the payment takes part in
 * @param leaves measures that are in force for it
 */
public record Stance(Settings settings, long revision, List<String> experiments, List<Leave> leaves) {
    /** That of the payment that the calling thread works on. */
    public static final ScopedValue<Stance> CURRENT = ScopedValue.newInstance();

    /** What a measure allows for payments that it applies to. */
    public interface Leave {
        Measure measure();

        /** Whether it still holds, and lets so much pass; then that counts. */
        boolean take(Money amount);
    }

    /** Without any measure. */
    public static Stance of(Configuration.Chosen chosen) {
        return new Stance(chosen.settings(), chosen.revision(), chosen.experiments(), List.of());
    }

    /** The settings of the payment that the calling thread works on, or these where it works on none. */
    public static Settings settings(Settings otherwise) {
        return CURRENT.isBound() ? CURRENT.get().settings() : otherwise;
    }

    /** Whether a measure of this kind lets such an amount pass; that counts against its caps. */
    public boolean allows(Measure.Kind kind, Money amount) {
        for (Leave leave : leaves) {
            if (leave.measure().kind() == kind && leave.take(amount)) {
                return true;
            }
        }
        return false;
    }

    /** Numbers of the measures, for the payment's record. */
    public List<Long> measures() {
        return leaves.stream().map(leave -> leave.measure().id()).toList();
    }
}
