package org.exchequer.inward.api;

/** Too much would have to be read to find what was asked for: a shorter time, or an id or account, has to be named. */
public final class SearchTooWideException extends RuntimeException {
    public SearchTooWideException(Throwable cause) {
        super("the search takes too long: give a shorter time, an account, or a reference", cause);
    }
}
