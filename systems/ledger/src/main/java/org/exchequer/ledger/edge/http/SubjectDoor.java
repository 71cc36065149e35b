package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import org.exchequer.ledger.api.Subjects;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;

/** Erases what is known of persons. It takes no key: done again, it is the same and says the same. */
@RestController
@RequestMapping(Answer.BASE)
final class SubjectDoor extends Door {
    private final Subjects subjects;

    SubjectDoor(Subjects subjects) {
        this.subjects = subjects;
    }

    @DeleteMapping("/subjects/{subject}")
    ResponseEntity<byte[]> erase(@PathVariable("subject") String subject, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            if (!subjects.erase(subject)) {
                throw notFound("SUBJECT_NOT_FOUND", "subject", "nothing was ever sealed for the subject " + subject);
            }
            return ok(JsonNodeFactory.instance
                    .objectNode()
                    .put("subject", subject)
                    .put("state", "ERASED"));
        });
    }
}
