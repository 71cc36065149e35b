package org.exchequer.inward.fraud;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.exchequer.inward.store.ModelChanges;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.ModelFormatException;
import org.exchequer.scoring.registry.Registry;
import org.exchequer.scoring.registry.RegistryException;
import org.exchequer.scoring.registry.Serving;
import org.jspecify.annotations.Nullable;
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
    private volatile @Nullable String problem;

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

    /** Why this node does not serve what was approved; empty while it does. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Serves what was approved on any node; what cannot be is told by {@link #problem}, and what serves goes on. Files
     *      * that
     * are not in the folder are taken from the database.
     *      */
    void follow(ModelChanges changes) throws SQLException {
        if (registry.isEmpty()) {
            return;
        }
        Optional<String> newest = changes.newest();
        String trouble = null;
        try {
            if (newest.isEmpty()) {
                for (String id : Registry.named(registry.get().assignment())) {
                    offer(changes, id);
                }
                changes.first(registry.get().assignment());
            } else {
                adopt(changes, newest.get());
            }
        } catch (IOException | RegistryException e) {
            trouble = "what was approved cannot be served here, and "
                    + (registry.get().serves()
                            ? registry.get().serving().champion().id()
                            : "nothing") + " serves: "
                    + e.getMessage();
        }
        if (!Objects.equals(trouble, problem)) {
            problem = trouble;
            if (trouble == null) {
                LOG.info("The models that were approved serve again");
            } else {
                LOG.error("Models: {}", trouble);
            }
        }
    }

    /** Puts an assignment in force, with the files that all nodes have under these versions. */
    void adopt(ModelChanges changes, String assignment) throws IOException, SQLException {
        Registry mine = registry.orElseThrow();
        if (mine.serves() && mine.assignment().equals(assignment)) {
            return;
        }
        for (String id : Registry.named(assignment)) {
            bring(changes, id);
        }
        if (mine.adopt(assignment)) {
            LOG.info("Model {} serves by now", mine.serving().champion().id());
        }
    }

    /**
     * Installs a version from the database, unless it is here.
     *
     * @throws RegistryException when its file here is another one than on other nodes
     */
    void bring(ModelChanges changes, String id) throws IOException, SQLException {
        Registry mine = registry.orElseThrow();
        Optional<String> fingerprint = changes.fingerprint(id);
        if (!mine.versions().contains(id)) {
            Optional<byte[]> file = changes.file(id);
            if (file.isPresent()) {
                mine.install(file.get());
            }
        }
        if (fingerprint.isPresent() && !mine.fingerprint(id).equals(fingerprint.get())) {
            throw new RegistryException("model " + id + ": its file here is another one than on other nodes");
        }
    }

    /** Gives a version's file to other nodes. */
    void offer(ModelChanges changes, String id) throws IOException, SQLException {
        Registry mine = registry.orElseThrow();
        if (changes.fingerprint(id).isEmpty()) {
            // What cannot be read here is of no use elsewhere.
            Ensemble read = mine.load(id);
            changes.keep(id, read.fingerprint(), mine.file(id));
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
