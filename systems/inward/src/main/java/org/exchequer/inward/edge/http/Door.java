package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.JsonNode;

/** What the doors to configuration and control have in common. */
abstract class Door {
    static ResponseEntity<byte[]> answering(int status, Supplier<JsonNode> body) {
        try {
            byte[] made = PaymentJson.bytes(Parameters.reading(body));
            return ResponseEntity.status(status)
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(made);
        } catch (FieldError broken) {
            String rule = String.valueOf(broken.getMessage());
            throw new ProblemException(Problem.of(422, "FIELD_INVALID", "Field invalid", broken.field() + " " + rule)
                    .at(broken.field(), rule));
        }
    }

    /** The same for what was made, with where it can be looked at, under the path of all of inward clearing. */
    static ResponseEntity<byte[]> made(Supplier<JsonNode> body, Function<JsonNode, String> where) {
        String[] at = {""};
        ResponseEntity<byte[]> answer = answering(201, () -> {
            JsonNode node = body.get();
            at[0] = InwardDoors.BASE + where.apply(node);
            return node;
        });
        return ResponseEntity.status(201)
                .headers(answer.getHeaders())
                .header("Location", at[0])
                .body(answer.getBody());
    }

    /** Who calls, by the token: what no body may say. */
    static String caller(HttpServletRequest request) {
        return Objects.requireNonNull(request.getUserPrincipal(), "every route has an authenticated caller")
                .getName();
    }

    static long number(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw Parameters.invalid(name, "must be a positive number of at most 18 digits");
        }
        return Long.parseLong(text);
    }

    /** A refusal by its stable code: 404 for what is not there, 409 for all else. */
    static ProblemException refused(Enum<?> why, String detail) {
        String code = why.name();
        String title = code.charAt(0)
                + code.substring(1).toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return new ProblemException(Problem.of(code.endsWith("_NOT_FOUND") ? 404 : 409, code, title, detail));
    }
}
