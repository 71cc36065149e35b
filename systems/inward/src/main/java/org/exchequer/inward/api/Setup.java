package org.exchequer.inward.api;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How it is set up, for those who work on it.
 *
 * @param hard within which every payment is answered, from its receipt
 * @param ownBics institutions it answers for, 8 characters each
 * @param currencies that it takes
 * @param lists names of the sanctions lists that parties are screened against
 * @param simulator admin door of the simulated partners; empty when the partners are real ones
 */
public record Setup(
        Duration hard, Set<String> ownBics, Set<String> currencies, List<String> lists, Optional<URI> simulator) {
    public Setup {
        ownBics = Set.copyOf(ownBics);
        currencies = Set.copyOf(currencies);
        lists = List.copyOf(lists);
    }
}
