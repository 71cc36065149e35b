package org.exchequer.console.edge;

import java.util.Set;
import org.exchequer.platform.module.Role;

/**
 * One line of the navigation.
 *
 * @param group heading it stands under, e.g. {@code Ledger}; empty for the console's own
 * @param label what it says
 * @param path where it leads, e.g. {@code /console/ledger/accounts}
 * @param icon name of a symbol in {@code icons.svg}
 * @param key letter that opens it after {@code g}, e.g. {@code a}
 * @param roles who sees it; empty for everybody
 */
public record NavEntry(String group, String label, String path, String icon, String key, Set<Role> roles) {}
