package org.exchequer.screening;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which list, as it was when.
 *
 * @param source for example {@code UN}; a new version replaces the one before of the same source
 * @param published the publisher's date, where the list or its bringer gives one
 * @param sha256 of the bytes it was read from, 64 hexadecimal digits; of several files, in their order
 * @param parties how many it names
 */
public record ListVersion(String source, @Nullable LocalDate published, String sha256, int parties) {}
