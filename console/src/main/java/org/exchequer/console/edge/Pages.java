package org.exchequer.console.edge;

import org.exchequer.console.view.AsOfForm;
import org.exchequer.ledger.api.FieldError;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;
import org.springframework.web.util.UriComponentsBuilder;

/** Small things that several controllers need. */
final class Pages {
    /** Longest reason in a form of inward clearing, as it keeps them. */
    static final int LONGEST_REASON = 500;

    private Pages() {}

    /**
     * Answer to a form that did its work: look at the result with a GET, so that a reload sends nothing.
     *
     * @param address path and query with {@code {}} for each value, which is encoded
     */
    static ModelAndView seeOther(String address, Object... values) {
        RedirectView view = new RedirectView(UriComponentsBuilder.fromUriString(address)
                .encode()
                .buildAndExpand(values)
                .toUriString());
        view.setStatusCode(HttpStatus.SEE_OTHER);
        view.setExposeModelAttributes(false);
        return new ModelAndView(view);
    }

    /** The status of a page about a date that is none, or about one that is. */
    static HttpStatus status(AsOfForm asOf) {
        return asOf.error() == null ? HttpStatus.OK : HttpStatus.UNPROCESSABLE_CONTENT;
    }

    /**
     * A form's field, refused rather than cut: what is sent to the ledger is what was typed.
     *
     * @throws FieldError when it is longer than any valid value
     */
    static String within(String field, String value, int length) {
        if (value.length() > length) {
            throw new FieldError(field, "must have at most " + length + " characters");
        }
        return value;
    }

    /** A search term cut to a length that every valid value fits. */
    static String bounded(String value, int length) {
        return value.length() <= length ? value : value.substring(0, length);
    }
}
