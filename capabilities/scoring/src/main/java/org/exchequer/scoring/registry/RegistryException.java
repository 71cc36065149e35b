package org.exchequer.scoring.registry;

/** What was asked of the registry cannot be: the message names what and why. Nothing was changed. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RegistryException(String message) {
        super(message);
    }
}
