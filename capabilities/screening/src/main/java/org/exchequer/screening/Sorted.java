package org.exchequer.screening;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Sets that iterate in one order everywhere, so that scores and explanations do not depend on hashing. */
final class Sorted {
    static SortedSet<String> copyOf(Collection<String> values) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(values));
    }

    private Sorted() {}
}
