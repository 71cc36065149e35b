package org.exchequer.shards.edge.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Each shard's proof log for whoever watches it: behind {@code .../shards/1/proof} the paths of C2SP tlog-tiles. */
@RestController
@RequestMapping(ShardProofsDoor.BASE)
public final class ShardProofsDoor {
    static final String BASE = ShardsDoor.BASE + "/{shard}/proof";
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final List<Proofs> shards;

    /** @param shards each shard's log, in the order of their numbers */
    public ShardProofsDoor(List<Proofs> shards) {
        this.shards = List.copyOf(shards);
    }

    /** Hashes concern no person; entries do. */
    public static List<Route> routes() {
        return List.of(
                new Route("GET", BASE + "/checkpoint", ShardsDoor.READ),
                new Route("GET", BASE + "/key", ShardsDoor.READ),
                new Route("GET", BASE + "/tile/entries/{*index}", ShardsDoor.READ).onRecord(),
                new Route("GET", BASE + "/tile/{level}/{*index}", ShardsDoor.READ));
    }

    @GetMapping("/checkpoint")
    ResponseEntity<byte[]> checkpoint(@PathVariable("shard") String shard) {
        byte[] note = log(shard).resource("checkpoint").orElseThrow(ShardProofsDoor::notReady);
        return ResponseEntity.ok()
                .header("Cache-Control", "no-store")
                .contentType(TEXT)
                .body(note);
    }

    @GetMapping("/key")
    ResponseEntity<byte[]> publicKey(@PathVariable("shard") String shard) {
        String vkey = log(shard).key().orElseThrow(ShardProofsDoor::notReady);
        return ResponseEntity.ok().contentType(TEXT).body((vkey + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/tile/{level}/{*index}")
    ResponseEntity<byte[]> tile(
            @PathVariable("shard") String shard,
            @PathVariable("level") String level,
            @PathVariable("index") String index) {
        Proofs log = log(shard);
        if (log.key().isEmpty()) {
            throw notReady();
        }
        byte[] tile = log.resource("tile/" + level + index)
                .orElseThrow(() -> notFound("TILE_NOT_FOUND", "index", "the log has no such tile, or purged it"));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(tile);
    }

    private Proofs log(String shard) {
        int number = shard.matches("[0-9]{1,4}") ? Integer.parseInt(shard) : -1;
        if (number < 0 || number >= shards.size()) {
            throw notFound("SHARD_NOT_FOUND", "shard", "must be the number of a shard, 0 to " + (shards.size() - 1));
        }
        return shards.get(number);
    }

    private static ProblemException notFound(String code, String field, String rule) {
        return new ProblemException(
                Problem.of(404, code, "Not found", field + ": " + rule).at(field, rule));
    }

    private static ProblemException notReady() {
        return new ProblemException(
                Problem.of(503, "PROOF_NOT_READY", "Proof not ready", "there is no proof log here yet"),
                Map.of("Retry-After", "1"));
    }
}
