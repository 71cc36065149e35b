package org.exchequer.prooflog;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A log over HTTP (C2SP tlog-tiles): {@code <prefix>/checkpoint} and {@code <prefix>/tile/...}. */
public final class HttpSource implements LogSource, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_NOTE_BYTES = 64 * 1024;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final URI prefix;
    private final Optional<String> token;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /**
     * A log behind a prefix.
     *
     * @param prefix without the slash at the end
     * @param token sent as {@code Authorization: Bearer}, where the log asks for one
     */
    public HttpSource(URI prefix, Optional<String> token) {
        this.prefix = prefix;
        this.token = token;
    }

    @Override
    public SignedNote checkpoint() throws IOException, MalformedNoteException {
        byte[] note =
                get(ProofLog.CHECKPOINT, MOST_NOTE_BYTES).orElseThrow(() -> new IOException("no log at " + prefix));
        return SignedNote.parse(new String(note, StandardCharsets.UTF_8));
    }

    @Override
    public byte[] tile(TilePath tile) throws IOException {
        int length = tile.width() * MerkleTree.HASH_BYTES;
        int most = TilePath.FULL * MerkleTree.HASH_BYTES;
        Optional<byte[]> found = get(tile.path(), most);
        if (found.isEmpty() && tile.width() < TilePath.FULL) {
            // A log may drop a partial tile once the full one is there.
            found = get(new TilePath(tile.level(), tile.index(), TilePath.FULL).path(), most);
        }
        byte[] hashes = found.orElseThrow(() -> new IOException(prefix + " has no " + tile.path()));
        if (hashes.length != length && hashes.length != most) {
            throw new IOException(tile.path() + " has " + hashes.length + " bytes, not " + length);
        }
        return Arrays.copyOf(hashes, length);
    }

    private Optional<byte[]> get(String path, int mostBytes) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(prefix + "/" + path)).timeout(TIMEOUT);
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() == NOT_FOUND) {
                    return Optional.empty();
                }
                if (response.statusCode() != OK) {
                    throw new IOException(prefix + "/" + path + " answers " + response.statusCode());
                }
                byte[] bytes = body.readNBytes(mostBytes + 1);
                if (bytes.length > mostBytes) {
                    throw new IOException(prefix + "/" + path + " is longer than " + mostBytes + " bytes");
                }
                return Optional.of(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + prefix);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
