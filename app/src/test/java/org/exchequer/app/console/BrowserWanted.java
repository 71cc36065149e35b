package org.exchequer.app.console;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, and reports as skipped, what needs a browser where {@code EXCHEQUER_SKIP_BROWSER=1} says there is none. */
final class BrowserWanted implements ExecutionCondition {
    static final String SKIP = "EXCHEQUER_SKIP_BROWSER";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return "1".equals(System.getenv(SKIP))
                ? ConditionEvaluationResult.disabled(SKIP + "=1")
                : ConditionEvaluationResult.enabled("a browser is wanted");
    }
}
