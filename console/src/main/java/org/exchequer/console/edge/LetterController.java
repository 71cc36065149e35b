package org.exchequer.console.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.Principal;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.exchequer.console.view.LetterPage;
import org.exchequer.console.view.Notice;
import org.exchequer.inward.api.DeadLetter;
import org.exchequer.inward.api.DeadLetters;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.inward.api.Submission;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** Messages that could not be read: looked at, mended, and handed in again. */
@Controller
public final class LetterController {
    static final String LIST = InwardPages.ROOT + "/dead-letters";
    static final String LETTER = LIST + "/{id}";

    private static final Logger LOG = LoggerFactory.getLogger(LetterController.class);
    private static final int PER_PAGE = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DeadLetters letters;

    LetterController(DeadLetters letters) {
        this.letters = letters;
    }

    @GetMapping(LIST)
    ModelAndView list(@RequestParam(required = false) @Nullable String cursor) {
        Page<DeadLetter> found;
        try {
            found = letters.letters(cursor, PER_PAGE);
        } catch (PaymentsUnavailableException away) {
            return away();
        } catch (IllegalArgumentException broken) {
            throw new ConsoleErrors.NotFound("There is no such page of the list", "Go back to the first.");
        }
        ModelAndView page = new ModelAndView("console/inward-letters");
        page.addObject(
                "letters", found.items().stream().map(LetterPage.Line::of).toList());
        page.addObject("next", found.next());
        page.addObject("cursor", cursor);
        return page;
    }

    /** Said as a page of its own: without the database there is nothing to show. */
    static ModelAndView away() {
        ModelAndView page = new ModelAndView("console/error", HttpStatus.SERVICE_UNAVAILABLE);
        page.addObject("status", 503);
        page.addObject("title", "This cannot be read right now");
        page.addObject("text", "The database does not answer; this usually passes in seconds. Load the page again.");
        return page;
    }

    @GetMapping(LETTER)
    ModelAndView letter(@PathVariable String id) {
        try {
            return shown(found(id), null);
        } catch (PaymentsUnavailableException away) {
            return away();
        }
    }

    private static ModelAndView shown(DeadLetter letter, @Nullable Notice notice) {
        ModelAndView page = new ModelAndView(
                "console/inward-letter", notice == null ? HttpStatus.OK : HttpStatus.valueOf(notice.status()));
        page.addObject("letter", LetterPage.of(letter));
        page.addObject("notice", notice);
        page.addObject("most", Inward.MOST_BYTES);
        return page;
    }

    /** As it came; never shown by a browser. */
    @GetMapping(LETTER + "/message")
    ResponseEntity<byte[]> message(@PathVariable String id) {
        DeadLetter letter = found(id);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header("Content-Disposition", "attachment; filename=\"" + letter.id() + ".bin\"")
                .body(letter.message());
    }

    /** @param message as edited; absent to hand in what came */
    @PostMapping(LETTER + "/resubmission")
    ModelAndView resubmit(
            @PathVariable String id, @RequestParam(required = false) @Nullable String message, Principal user)
            throws InterruptedException {
        try {
            DeadLetter letter = found(id);
            byte[] edited = message == null ? null : edited(letter.message(), message);
            if (edited != null && (edited.length == 0 || edited.length > Inward.MOST_BYTES)) {
                return shown(letter, notice(422, "The message must have 1 to " + Inward.MOST_BYTES + " bytes."));
            }
            Submission submission =
                    letters.resubmit(letter.id(), edited, user.getName()).orElseThrow(() -> missing(id));
            return switch (submission) {
                case Submission.Busy busy ->
                    shown(
                            letter,
                            notice(503, "As much as can be done in time is under way. Send it again in a moment."));
                case Submission.Unreadable again -> Pages.seeOther(LETTER, letter.id());
                case Submission.Taken taken -> {
                    await(taken, letter.id());
                    yield Pages.seeOther(LETTER, letter.id());
                }
            };
        } catch (PaymentsUnavailableException away) {
            return away();
        }
    }

    private static void await(Submission.Taken taken, UUID letter) throws InterruptedException {
        try {
            taken.answer().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("Dead letter {} was handed in again; its answer is not here yet: {}", letter, e.toString());
        }
    }

    private static Notice notice(int status, String text) {
        return new Notice(status == 503 ? "warning" : "danger", "Not handed in", text, null, "message", status, false);
    }

    /** Browsers end lines their own way: they are put back as they were. Null when nothing else was changed. */
    static byte @Nullable [] edited(byte[] original, String message) {
        String before = new String(original, UTF_8);
        byte[] after = (before.contains("\r") ? message : message.replace("\r\n", "\n")).getBytes(UTF_8);
        return Arrays.equals(original, after) ? null : after;
    }

    private DeadLetter found(String id) {
        if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw missing(id);
        }
        return letters.letter(UUID.fromString(id)).orElseThrow(() -> missing(id));
    }

    private static ConsoleErrors.NotFound missing(String id) {
        return new ConsoleErrors.NotFound(
                "There is no dead letter " + Pages.bounded(id, 40), "Choose one from the list.");
    }
}
