package org.exchequer.prooflog;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Where wrapped keys of subjects are kept, each under its name: 32 hexadecimal digits. What is kept of an erased
 * subject is an empty array, so that no key is made for it again. Thread-safe.
 */
public interface SubjectKeyStore {
    /** The wrapped keys of these names; empty ones of erased subjects. A name that never had a key is left out. */
    Map<String, byte[]> find(Set<String> names);

    /**
     * Keeps a key, durably, unless there is one or its subject was erased.
     *
     * @return what is kept under the name now: this, or what was there first
     */
    byte[] putIfAbsent(String name, byte[] wrapped);

    /**
     * Destroys a key, durably, also when there is none yet.
     *
     * @return whether there was one
     */
    boolean erase(String name);

    /** All names: whether the key is there still, or was erased. */
    SortedMap<String, Boolean> names();
}
