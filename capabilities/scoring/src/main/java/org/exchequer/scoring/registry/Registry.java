package org.exchequer.scoring.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.ModelFormatException;
import org.exchequer.scoring.model.Sha256;
import org.exchequer.scoring.registry.Assignment.Try;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a model, and which serves whom. A folder:
 *
 * <pre>
 * payments@3.model   written once, never changed
 * payments@4.model
 * serving            which of them serves whom; replaced as a whole
 * </pre>
 *
 * <p>Every change is first made durable and then put in force: a file is written beside its place, forced to disk and
 * moved there, so that after a crash either the old or the new one is there, whole. A file that cannot be read is
 * refused, and what serves goes on serving. One process changes a folder; others may follow it with {@link #reload}.
 * Thread safe; scoring never waits for a change.
 */
public final class Registry {
    private static final String MODEL = ".model";
    private static final String NEW = ".new";
    private static final String SERVING = "serving";
    private static final int MOST_SHADOWS = 4;
    private static final int MOST_STEPS = 20;
    private static final long MOST_FILE_BYTES = 64L << 20;
    private static final long MOST_SERVING_BYTES = 64L << 10;

    private final Path folder;
    private final Object change = new Object();
    private volatile @Nullable Live live;

    /** The assignment in force with its models. */
    private record Live(Assignment assignment, Serving serving) {}

    private Registry(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a folder, which is made if it is not there.
     *
     * @throws ModelFormatException if what shall serve cannot be read
     */
    public static Registry open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Registry registry = new Registry(folder);
        registry.reload();
        return registry;
    }

    /**
     * What serves now.
     *
     * @throws RegistryException if no model was ever promoted
     */
    public Serving serving() {
        Live now = live;
        if (now == null) {
            throw new RegistryException("no model serves: install and promote one");
        }
        return now.serving();
    }

    public boolean serves() {
        return live != null;
    }

    /** Names and versions of what is installed, sorted by name, then version. */
    public List<String> versions() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(MODEL))
                    .map(name -> name.substring(0, name.length() - MODEL.length()))
                    .sorted(java.util.Comparator.comparing((String id) -> id.substring(0, Math.max(0, id.indexOf('@'))))
                            .thenComparing(id -> id.length())
                            .thenComparing(id -> id))
                    .toList();
        }
    }

    /** @throws RegistryException if it is not installed */
    public Ensemble load(String id) throws IOException {
        Ensemble ensemble = Ensemble.read(file(id));
        if (!ensemble.id().equals(id)) {
            throw new ModelFormatException("model " + id + ": its file says it is " + ensemble.id());
        }
        return ensemble;
    }

    /**
     * Adds a version; it serves nobody yet. The same file again changes nothing.
     *
     * @return its id
     * @throws ModelFormatException if the file cannot be read whole
     * @throws RegistryException if another model has that name and version
     */
    public String install(byte[] file) throws IOException {
        Ensemble ensemble = Ensemble.read(file);
        synchronized (change) {
            Path place = folder.resolve(ensemble.id() + MODEL);
            if (Files.exists(place)) {
                if (!load(ensemble.id()).fingerprint().equals(ensemble.fingerprint())) {
                    throw new RegistryException("model " + ensemble.id() + ": is installed with other content;"
                            + " a version is never changed, give it a new number");
                }
                return ensemble.id();
            }
            replace(place, file);
            return ensemble.id();
        }
    }

    /** Makes a version champion. The champion before can be brought back; a trial ends. */
    public void promote(String id) throws IOException {
        synchronized (change) {
            Ensemble ensemble = load(id);
            Live now = live;
            if (now == null) {
                install(new Assignment(1, id, Optional.empty(), Optional.empty(), List.of()), known(ensemble));
                return;
            }
            Assignment was = now.assignment();
            if (was.champion().equals(id)) {
                throw new RegistryException("model " + id + ": is champion already");
            }
            // A shadow of other schemas could not score along any more.
            List<String> shadows = now.serving().shadows().stream()
                    .filter(each -> !each.id().equals(id) && sameSchemas(each, ensemble))
                    .map(Ensemble::id)
                    .toList();
            install(was.next(id, Optional.of(was.champion()), Optional.empty(), shadows), known(ensemble));
        }
    }

    /** Lets a version serve a fixed share of the keys, 1 to 50 percent, in place of any other on trial. */
    public void challenge(String id, int percent) throws IOException {
        if (percent < 1 || percent > 50) {
            throw new RegistryException("percent: of a challenger must be 1 to 50");
        }
        attempt(id, false, List.of(percent));
    }

    /**
     * Lets a version serve a share of the keys that grows with each {@link #advance}.
     *
     * @param steps percent, ascending, 1 to 99; after the last it becomes champion
     */
    public void canary(String id, List<Integer> steps) throws IOException {
        if (steps.isEmpty() || steps.size() > MOST_STEPS) {
            throw new RegistryException("steps: must be 1 to " + MOST_STEPS);
        }
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) < 1 || steps.get(i) > 99 || (i > 0 && steps.get(i) <= steps.get(i - 1))) {
                throw new RegistryException("steps: must be 1 to 99 percent, each more than the one before");
            }
        }
        attempt(id, true, List.copyOf(steps));
    }

    private void attempt(String id, boolean canary, List<Integer> steps) throws IOException {
        synchronized (change) {
            Ensemble ensemble = fitting(id);
            Assignment was = current();
            List<String> shadows = without(was.shadows(), id);
            Try candidate = new Try(id, canary, steps, 0);
            install(was.next(was.champion(), was.previous(), Optional.of(candidate), shadows), known(ensemble));
        }
    }

    /**
     * The canary's next step; after the last it is champion.
     *
     * @throws RegistryException if there is no canary
     */
    public void advance() throws IOException {
        synchronized (change) {
            Assignment was = current();
            Try candidate = was.candidate()
                    .filter(Try::canary)
                    .orElseThrow(() -> new RegistryException("no canary is under way"));
            if (candidate.step() + 1 == candidate.steps().size()) {
                promote(candidate.model());
                return;
            }
            Try next = new Try(candidate.model(), true, candidate.steps(), candidate.step() + 1);
            install(was.next(was.champion(), was.previous(), Optional.of(next), was.shadows()), Map.of());
        }
    }

    /** Lets a version score along without deciding; at most {@value #MOST_SHADOWS}. */
    public void shadow(String id) throws IOException {
        synchronized (change) {
            Ensemble ensemble = fitting(id);
            Assignment was = current();
            if (was.shadows().contains(id) || was.shadows().size() >= MOST_SHADOWS) {
                throw new RegistryException("model " + id + ": is a shadow already, or there are " + MOST_SHADOWS);
            }
            List<String> shadows = new ArrayList<>(was.shadows());
            shadows.add(id);
            Optional<Try> candidate =
                    was.candidate().filter(each -> !each.model().equals(id));
            install(was.next(was.champion(), was.previous(), candidate, shadows), known(ensemble));
        }
    }

    /**
     * Ends a trial or a shadow.
     *
     * @throws RegistryException if the version is neither
     */
    public void withdraw(String id) throws IOException {
        synchronized (change) {
            Assignment was = current();
            Optional<Try> candidate =
                    was.candidate().filter(each -> !each.model().equals(id));
            List<String> shadows = without(was.shadows(), id);
            if (candidate.equals(was.candidate()) && shadows.equals(was.shadows())) {
                throw new RegistryException("model " + id + ": is neither on trial nor a shadow");
            }
            install(was.next(was.champion(), was.previous(), candidate, shadows), Map.of());
        }
    }

    /**
     * Back to what was before: ends the trial if there is one, else brings back the champion before. Its file was never
     * changed, so its scores are those of before to the bit.
     *
     * @throws RegistryException if there is nothing to go back to
     */
    public void rollback() throws IOException {
        synchronized (change) {
            Assignment was = current();
            if (was.candidate().isPresent()) {
                install(was.next(was.champion(), was.previous(), Optional.empty(), was.shadows()), Map.of());
                return;
            }
            String back =
                    was.previous().orElseThrow(() -> new RegistryException("there is no champion before this one"));
            promote(back);
        }
    }

    /**
     * Reads the folder again, for a process that follows another's changes.
     *
     * @throws ModelFormatException if what shall serve cannot be read; then what serves goes on
     */
    public void reload() throws IOException {
        synchronized (change) {
            Optional<Assignment> found = stored();
            if (found.isPresent()) {
                live = build(found.get(), Map.of());
            }
        }
    }

    /** Which version serves whom, as {@link #adopt} takes it. */
    public String assignment() {
        return current().text();
    }

    /** The versions that an assignment names. */
    public static List<String> named(String assignment) throws ModelFormatException {
        Assignment read = Assignment.parse(assignment);
        List<String> named = new ArrayList<>(read.shadows());
        named.add(read.champion());
        read.previous().ifPresent(named::add);
        read.candidate().ifPresent(each -> named.add(each.model()));
        return named;
    }

    /**
     * Puts an assignment of another folder's registry in force here.
     *
     * @return whether it is another one than was in force
     * @throws ModelFormatException if it, or a version it names, cannot be read; then what serves goes on
     * @throws RegistryException if a version it names is not installed; then what serves goes on
     */
    public boolean adopt(String text) throws IOException {
        Assignment wanted = Assignment.parse(text);
        synchronized (change) {
            Live now = live;
            if (now != null && now.assignment().equals(wanted)) {
                return false;
            }
            Live built = build(wanted, Map.of());
            if (!stored().equals(Optional.of(wanted))) {
                replace(folder.resolve(SERVING), text.getBytes(StandardCharsets.UTF_8));
            }
            live = built;
            return true;
        }
    }

    /**
     * The file of a version, as {@link #install} takes it; what is in it is not looked at.
     *
     * @throws RegistryException if it is not installed
     */
    public byte[] file(String id) throws IOException {
        return bytes(place(id), MOST_FILE_BYTES);
    }

    /**
     * SHA-256 of the file of a version, as its {@link Ensemble#fingerprint}.
     *
     * @throws RegistryException if it is not installed
     */
    public String fingerprint(String id) throws IOException {
        return Sha256.hex(file(id));
    }

    /** In this order: built, so that it can serve; durable; in force. */
    private void install(Assignment next, Map<String, Ensemble> loaded) throws IOException {
        long durable = stored().map(Assignment::generation).orElse(0L);
        if (durable != next.generation() - 1) {
            throw new RegistryException(
                    "serving: was changed by somebody else to generation " + durable + "; reload, and look again");
        }
        Live built = build(next, loaded);
        replace(folder.resolve(SERVING), next.text().getBytes(StandardCharsets.UTF_8));
        live = built;
    }

    private Live build(Assignment assignment, Map<String, Ensemble> loaded) throws IOException {
        Map<String, Ensemble> known = new HashMap<>(loaded);
        Live now = live;
        if (now != null) {
            remember(known, now.serving().champion());
            now.serving().previous().ifPresent(each -> remember(known, each));
            now.serving().candidate().ifPresent(each -> remember(known, each.ensemble()));
            now.serving().shadows().forEach(each -> remember(known, each));
        }
        Ensemble champion = find(known, assignment.champion());
        Optional<Ensemble> previous = Optional.empty();
        if (assignment.previous().isPresent()) {
            previous = Optional.of(find(known, assignment.previous().get()));
        }
        Optional<Serving.Candidate> candidate = Optional.empty();
        if (assignment.candidate().isPresent()) {
            Try trial = assignment.candidate().get();
            if (trial.step() < 0 || trial.step() >= trial.steps().size()) {
                throw new ModelFormatException("serving: step " + trial.step() + " is not there");
            }
            candidate = Optional.of(
                    new Serving.Candidate(find(known, trial.model()), trial.canary(), trial.percent(), trial.steps()));
        }
        List<Ensemble> shadows = new ArrayList<>();
        for (String id : assignment.shadows()) {
            shadows.add(find(known, id));
        }
        return new Live(assignment, new Serving(assignment.generation(), champion, previous, candidate, shadows));
    }

    private Path place(String id) {
        Path file = folder.resolve(id + MODEL);
        if (!id.matches("[a-z][a-z0-9-]{0,39}@[1-9][0-9]{0,9}") || !Files.exists(file)) {
            throw new RegistryException("model " + id + ": is not installed");
        }
        return file;
    }

    private Ensemble find(Map<String, Ensemble> known, String id) throws IOException {
        Ensemble ensemble = known.get(id);
        return ensemble == null ? load(id) : ensemble;
    }

    private static void remember(Map<String, Ensemble> known, Ensemble ensemble) {
        known.putIfAbsent(ensemble.id(), ensemble);
    }

    private static Map<String, Ensemble> known(Ensemble ensemble) {
        return Map.of(ensemble.id(), ensemble);
    }

    private Assignment current() {
        Live now = live;
        if (now == null) {
            throw new RegistryException("no model serves: install and promote one");
        }
        return now.assignment();
    }

    private Ensemble fitting(String id) throws IOException {
        Ensemble ensemble = load(id);
        Ensemble champion = serving().champion();
        if (champion.id().equals(id)) {
            throw new RegistryException("model " + id + ": is champion already");
        }
        if (!sameSchemas(ensemble, champion)) {
            throw new RegistryException("model " + id + ": is of other schemas than the champion, so the same payment"
                    + " cannot be given to both");
        }
        return ensemble;
    }

    private static boolean sameSchemas(Ensemble one, Ensemble other) {
        return one.parts().features().equals(other.parts().features())
                && one.parts().events().equals(other.parts().events());
    }

    private static List<String> without(List<String> ids, String id) {
        return ids.stream().filter(each -> !each.equals(id)).toList();
    }

    private Optional<Assignment> stored() throws IOException {
        try {
            byte[] text = bytes(folder.resolve(SERVING), MOST_SERVING_BYTES);
            return Optional.of(Assignment.parse(new String(text, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(Path file, long most) throws IOException {
        if (Files.size(file) > most) {
            throw new ModelFormatException(file.getFileName() + ": has more than " + most + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private void replace(Path place, byte[] content) throws IOException {
        Path beside = place.resolveSibling(place.getFileName() + NEW);
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
