package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Proofs of single transactions, and the proof log for whoever watches it (C2SP tlog-tiles). */
@RestController
@RequestMapping(Answer.BASE)
final class ProofDoor extends Door {
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final Ledger ledger;
    private final Proofs proofs;

    ProofDoor(Ledger ledger, Proofs proofs) {
        this.ledger = ledger;
        this.proofs = proofs;
    }

    @GetMapping("/transactions/{transactionId}/proof")
    ResponseEntity<byte[]> proof(@PathVariable("transactionId") String id, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            long position = id("transactionId", id);
            if (ledger.transaction(position).isEmpty()) {
                throw notFound("TRANSACTION_NOT_FOUND", "transactionId", "there is no transaction " + id);
            }
            return switch (proofs.prove(position)) {
                case Proofs.Proof.Bundle bundle ->
                    ResponseEntity.ok()
                            .header(
                                    "Content-Disposition",
                                    "attachment; filename=\"transaction-" + position + ".tlog-proof\"")
                            .headers(headers -> others(position)
                                    .forEach(part -> headers.add(
                                            "Link",
                                            "<" + Answer.BASE + "/transactions/" + part + "/proof>; rel=\"related\"")))
                            .contentType(TEXT)
                            .body(bundle.text().getBytes(StandardCharsets.UTF_8));
                case Proofs.Proof.NotReady notReady -> throw notReady(notReady.why());
                case Proofs.Proof.Purged ignored ->
                    throw notFound(
                            "PROOF_PURGED", "transactionId", "its entry was purged from the proof log by policy");
            };
        });
    }

    /** Of a transaction over several shards: each proves its own part. */
    private List<Long> others(long position) {
        return proofs.parts(position).stream().filter(part -> part != position).toList();
    }

    @GetMapping("/proof/checkpoint")
    ResponseEntity<byte[]> checkpoint(HttpServletRequest request) {
        only(request);
        byte[] note = proofs.resource("checkpoint").orElseThrow(() -> notReady("there is no proof log here yet"));
        return ResponseEntity.ok()
                .header("Cache-Control", "no-store")
                .contentType(TEXT)
                .body(note);
    }

    @GetMapping("/proof/key")
    ResponseEntity<byte[]> publicKey(HttpServletRequest request) {
        only(request);
        String vkey = proofs.key().orElseThrow(() -> notReady("there is no proof log here yet"));
        return ResponseEntity.ok().contentType(TEXT).body((vkey + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Entries are the books themselves: unlike hashes, they are not looked at without a trace. */
    @GetMapping("/proof/tile/entries/{*index}")
    ResponseEntity<byte[]> entries(@PathVariable("index") String index, HttpServletRequest request) {
        return tile("entries", index, request);
    }

    @GetMapping("/proof/tile/{level}/{*index}")
    ResponseEntity<byte[]> tile(
            @PathVariable("level") String level, @PathVariable("index") String index, HttpServletRequest request) {
        only(request);
        if (proofs.key().isEmpty()) {
            throw notReady("there is no proof log here yet");
        }
        byte[] tile = proofs.resource("tile/" + level + index)
                .orElseThrow(() -> notFound("TILE_NOT_FOUND", "index", "the log has no such tile, or purged it"));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(tile);
    }

    private static ProblemException notReady(String why) {
        return new ProblemException(
                Problem.of(503, "PROOF_NOT_READY", "Proof not ready", why), Map.of("Retry-After", "1"));
    }
}
