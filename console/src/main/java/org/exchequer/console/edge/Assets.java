package org.exchequer.console.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.webjars.WebJarVersionLocator;

/**
 * Stylesheets, scripts and images: a closed list, served under an address that holds a digest of the contents, so that
 * browsers keep them for ever and still get a new one at once.
 */
@Controller
public final class Assets {
    static final String PREFIX = "/console/assets/";

    private final Map<String, Asset> byName;
    private final Map<String, String> addresses;

    private record Asset(Resource resource, String digest, MediaType type) {}

    Assets() {
        WebJarVersionLocator webjars = new WebJarVersionLocator();
        Map<String, Asset> assets = new LinkedHashMap<>();
        add(assets, "tabler.css", webjar(webjars, "tabler__core", "dist/css/tabler.min.css"), "text/css");
        add(assets, "htmx.js", webjar(webjars, "htmx.org", "dist/htmx.min.js"), "text/javascript");
        add(assets, "echarts.js", webjar(webjars, "echarts", "echarts.common.min.js"), "text/javascript");
        add(assets, "cytoscape.js", webjar(webjars, "cytoscape", "dist/cytoscape.min.js"), "text/javascript");
        add(assets, "network.js", own("network.js"), "text/javascript");
        add(assets, "console.css", own("console.css"), "text/css");
        add(assets, "console.js", own("console.js"), "text/javascript");
        add(assets, "theme.js", own("theme.js"), "text/javascript");
        add(assets, "chart.js", own("chart.js"), "text/javascript");
        add(assets, "icons.svg", own("icons.svg"), "image/svg+xml");
        add(assets, "favicon.svg", own("favicon.svg"), "image/svg+xml");
        byName = Map.copyOf(assets);
        Map<String, String> where = new LinkedHashMap<>();
        assets.forEach((name, asset) -> where.put(name, PREFIX + asset.digest() + "/" + name));
        addresses = Map.copyOf(where);
    }

    private static Resource webjar(WebJarVersionLocator locator, String jar, String file) {
        String path = locator.fullPath(jar, file);
        if (path == null) {
            throw new IllegalStateException("not on the class path: " + file + " of webjar " + jar);
        }
        return new ClassPathResource(path);
    }

    private static Resource own(String name) {
        return new ClassPathResource("org/exchequer/console/assets/" + name);
    }

    private static void add(Map<String, Asset> assets, String name, Resource resource, String type) {
        try (InputStream in = resource.getInputStream()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
            MediaType mediaType = MediaType.parseMediaType(type + ";charset=UTF-8");
            assets.put(name, new Asset(resource, HexFormat.of().formatHex(digest, 0, 8), mediaType));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + resource, unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Logical name → address. */
    Map<String, String> addresses() {
        return addresses;
    }

    @GetMapping(PREFIX + "{digest}/{name}")
    ResponseEntity<Resource> asset(@PathVariable String digest, @PathVariable String name) {
        Asset asset = byName.get(name);
        if (asset == null || !asset.digest().equals(digest)) {
            return ResponseEntity.notFound().build();
        }
        return ResponseEntity.ok()
                .contentType(asset.type())
                .cacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
                .body(asset.resource());
    }
}
