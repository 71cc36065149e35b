package org.exchequer.inward.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.core.Budgets.Grant;
import org.exchequer.inward.core.Sla.Level;
import org.junit.jupiter.api.Test;

class BudgetsTest {
    private static final Sla SLA = Sla.STANDARD;

    @Test
    void givesEachStageItsBudgetWhenNothingIsSavedOrLost() {
        long elapsed = 0;
        for (Stage stage : Stage.values()) {
            Grant grant = Budgets.grant(SLA, stage, elapsed);
            if (stage.priority() > 0) {
                assertThat(grant).isEqualTo(granted(stage.budget().toMillis(), 0, 0, stage));
            }
            elapsed += stage.budget().toNanos();
        }
    }

    @Test
    void sharesWhatWasSavedByPriority() {
        // 555 ms planned, 15 ms used: 540 saved. Accounts have 4 of the 15 parts of what is to come.
        Grant accounts = Budgets.grant(SLA, Stage.ACCOUNT_VALIDATION, ms(15));
        assertThat(accounts).isEqualTo(granted(200 + 540 / 15 * 4, 144, 0, Stage.ACCOUNT_VALIDATION));
    }

    @Test
    void letsALateStageHaveItsBudgetWhileTheWholeStillFits() {
        // 1,800 of 4,200 ms gone, 1,630 to come after the accounts: the reserve pays.
        assertThat(Budgets.grant(SLA, Stage.ACCOUNT_VALIDATION, ms(1_800)))
                .isEqualTo(granted(200, 0, 0, Stage.ACCOUNT_VALIDATION));
    }

    @Test
    void borrowsFromLowerPriorityOnly() {
        // Execution at 2,900: 1,170 ms are free when answer and broadcast keep 130; these lend 70 + 30.
        assertThat(Budgets.grant(SLA, Stage.PAYMENT_EXECUTION, ms(2_900)))
                .isEqualTo(granted(1_270, 0, 100, Stage.PAYMENT_EXECUTION));
        // Accounts at 2,500: execution has a higher priority and lends nothing, liquidity 180.
        assertThat(Budgets.grant(SLA, Stage.ACCOUNT_VALIDATION, ms(2_500)))
                .isEqualTo(granted(200, 0, 130, Stage.ACCOUNT_VALIDATION));
    }

    @Test
    void doesNotStartWhatCannotHaveItsLeast() {
        Grant accounts = Budgets.grant(SLA, Stage.ACCOUNT_VALIDATION, ms(2_900));
        assertThat(accounts.minimum()).isTrue();
        assertThat(accounts.nanos()).isZero();
        assertThat(Budgets.hopeless(SLA, Stage.PAYMENT_EXECUTION, ms(3_700))).isFalse();
        assertThat(Budgets.hopeless(SLA, Stage.PAYMENT_EXECUTION, ms(3_800))).isTrue();
    }

    @Test
    void staysInTimeWhateverIsUsedOfTheGrants() {
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 20_000; run++) {
            long elapsed = ms(random.nextInt(2_000));
            for (Stage stage : Stage.values()) {
                Grant grant = Budgets.grant(SLA, stage, elapsed);
                assertThat(grant.nanos()).isBetween(0L, SLA.critical().toNanos());
                assertThat(grant.borrowed()).isLessThanOrEqualTo(grant.nanos());
                long longest =
                        random.nextBoolean() ? grant.nanos() : Budgets.withoutFallback(SLA, stage, elapsed, grant);
                elapsed += random.nextInt(3) == 0 ? longest : random.nextLong(longest + 1);
            }
            assertThat(elapsed).isLessThanOrEqualTo(SLA.critical().toNanos());
        }
    }

    @Test
    void givesAStageWithoutAFallbackAsMuchTimeAgainAsLaterOnesLeave() {
        Stage accounts = Stage.ACCOUNT_VALIDATION;
        long early = ms(100);
        Grant grant = Budgets.grant(SLA, accounts, early);
        assertThat(Budgets.withoutFallback(SLA, accounts, early, grant)).isEqualTo(2 * grant.nanos());
        // Later: liquidity 200, execution 1300, response 80, broadcast 50.
        long late = ms(4_200 - 1_630 - 250);
        Grant less = Budgets.grant(SLA, accounts, late);
        assertThat(less.nanos()).isEqualTo(ms(200));
        assertThat(Budgets.withoutFallback(SLA, accounts, late, less)).isEqualTo(ms(250));
        long borrowing = ms(4_200 - 1_630 - 50);
        Grant borrowed = Budgets.grant(SLA, accounts, borrowing);
        assertThat(Budgets.withoutFallback(SLA, accounts, borrowing, borrowed)).isEqualTo(borrowed.nanos());
    }

    @Test
    void knowsTheLevelsToTheNanosecond() {
        assertThat(SLA.level(ms(3_500) - 1)).isEqualTo(Level.IN_TIME);
        assertThat(SLA.level(ms(3_500))).isEqualTo(Level.WARNING);
        assertThat(SLA.level(ms(4_200))).isEqualTo(Level.CRITICAL);
        assertThat(SLA.level(ms(4_450))).isEqualTo(Level.EMERGENCY);
        assertThat(SLA.level(ms(4_500) - 1)).isEqualTo(Level.EMERGENCY);
        assertThat(SLA.level(ms(4_500))).isEqualTo(Level.BREACHED);
        assertThat(SLA.extended(Duration.ofSeconds(2)).level(ms(5_499))).isEqualTo(Level.IN_TIME);
    }

    @Test
    void refusesBudgetsThatDoNotFit() {
        Map<Stage, Duration> tooMuch = Map.of(Stage.PAYMENT_EXECUTION, Duration.ofMillis(3_200));
        assertThatThrownBy(() -> new Sla(SLA.hard(), SLA.warning(), SLA.critical(), SLA.emergency(), tooMuch))
                .hasMessage("the budgets of all stages, 4285 ms, must fit into the 4200 ms until it is critical");
        Map<Stage, Duration> tooLittle = Map.of(Stage.FRAUD_DETECTION, Duration.ofMillis(19));
        assertThatThrownBy(() -> new Sla(SLA.hard(), SLA.warning(), SLA.critical(), SLA.emergency(), tooLittle))
                .hasMessage("budget of FRAUD_DETECTION must be at least 20 ms");
        assertThatThrownBy(() -> new Sla(SLA.hard(), SLA.hard(), SLA.critical(), SLA.emergency(), Map.of()))
                .hasMessageContaining("must be in order");
    }

    private static Grant granted(long ms, long bonusMs, long borrowedMs, Stage stage) {
        return new Grant(ms(ms), stage.budget().toNanos(), ms(bonusMs), ms(borrowedMs), false);
    }

    private static long ms(long ms) {
        return Duration.ofMillis(ms).toNanos();
    }
}
