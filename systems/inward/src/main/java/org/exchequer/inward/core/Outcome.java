package org.exchequer.inward.core;

import org.exchequer.iso20022.Finding;

/** What came of the work that a state asks for. */
public sealed interface Outcome {
    /** Nothing stands against going on. */
    record Passed() implements Outcome {}

    /** The payment cannot go on. */
    record Refused(Finding why) implements Outcome {}

    /** A party is on a list; no person, score or emergency lets it through. */
    record Listed(Finding why) implements Outcome {}

    /** The same message was here before. */
    record Repeated() implements Outcome {}

    /** Nobody answered in the time given, or there was none to give. */
    record Late() implements Outcome {}

    /** Called back before it was carried out. */
    record Recalled() implements Outcome {}

    Outcome PASSED = new Passed();
    Outcome LATE = new Late();
}
