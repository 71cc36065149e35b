package org.exchequer.inward.fraud;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.ModelFormatException;
import org.exchequer.scoring.registry.Registry;
import org.exchequer.scoring.registry.RegistryException;
import org.exchequer.scoring.registry.Serving;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models: a {@link Registry} in a folder, in which the shipped one is installed first; without a folder the
 * shipped one alone. When the folder cannot be read, none serves, and rules decide alone.
 */
public final class Models {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);
    private static final String SHIPPED = "payments.model";

    private final Optional<Registry> registry;
    private final Ensemble shipped;
    private final Optional<Serving> alone;
    private final ConcurrentMap<String, Ensemble> loaded = new ConcurrentHashMap<>();

    private Models(Optional<Registry> registry, Ensemble shipped, Optional<Serving> alone) {
        this.registry = registry;
        this.shipped = shipped;
        this.alone = alone;
    }

    /** @param folder of the registry; empty for the shipped model alone */
    public static Models open(Optional<Path> folder) {
        byte[] file = shippedFile();
        Ensemble shipped;
        try {
            shipped = Ensemble.read(file);
        } catch (ModelFormatException e) {
            throw new IllegalStateException("the shipped model cannot be read", e);
        }
        Serving serving = new Serving(1, shipped, Optional.empty(), Optional.empty(), List.of());
        if (folder.isEmpty()) {
            return new Models(Optional.empty(), shipped, Optional.of(serving));
        }
        try {
            Registry registry = Registry.open(folder.get());
            String id = registry.install(file);
            if (!registry.serves()) {
                registry.promote(id);
            }
            return new Models(Optional.of(registry), shipped, Optional.empty());
        } catch (IOException | RegistryException e) {
            LOG.error("Payments are judged by rules alone: the models in {} cannot be used", folder.get(), e);
            return new Models(Optional.empty(), shipped, Optional.empty());
        }
    }

    private static byte[] shippedFile() {
        try (InputStream in = Objects.requireNonNull(Models.class.getResourceAsStream(SHIPPED))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the shipped model cannot be read", e);
        }
    }

    /** What serves now; empty when none can. */
    public Optional<Serving> serving() {
        return registry.isPresent() ? Optional.of(registry.get().serving()) : alone;
    }

    /** Where versions are changed; empty where there is no folder for them. */
    public Optional<Registry> registry() {
        return registry;
    }

    /** A version that decided once; empty when its file is not there any more. */
    public Optional<Ensemble> find(String id) {
        if (shipped.id().equals(id) && registry.isEmpty()) {
            return Optional.of(shipped);
        }
        Ensemble known = loaded.get(id);
        if (known != null || registry.isEmpty()) {
            return Optional.ofNullable(known);
        }
        try {
            Ensemble read = registry.get().load(id);
            loaded.put(id, read);
            return Optional.of(read);
        } catch (IOException | RegistryException e) {
            LOG.warn("Model {} cannot be read: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** Ids of all versions. */
    public List<String> versions() {
        if (registry.isEmpty()) {
            return List.of(shipped.id());
        }
        try {
            return registry.get().versions();
        } catch (IOException e) {
            throw new UncheckedIOException("the models cannot be listed", e);
        }
    }
}
