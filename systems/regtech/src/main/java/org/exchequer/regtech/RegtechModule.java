package org.exchequer.regtech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.platform.infra.Folders;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.prooflog.NoteKey;
import org.exchequer.prooflog.SigningKey;
import org.exchequer.regtech.api.Packs;
import org.exchequer.regtech.edge.http.PackDoor;
import org.jspecify.annotations.Nullable;

/** Regulatory reporting. Needs the ledger; keeps nothing but the key that it signs with. Offers {@link #packs}. */
public final class RegtechModule implements SystemModule {
    /** In the data directory, where its key is: {@code pack.key}, and the public half {@code pack.vkey}. */
    public static final String FOLDER = "regtech";

    private final Foundation foundation;
    private final Ledger ledger;
    private final Proofs proofs;
    private volatile @Nullable Packs packs;

    public RegtechModule(Foundation foundation, Ledger ledger, Proofs proofs) {
        this.foundation = foundation;
        this.ledger = ledger;
        this.proofs = proofs;
    }

    @Override
    public String name() {
        return FOLDER;
    }

    @Override
    public void start() {
        SigningKey key = foundation.files().map(this::key).orElse(null);
        packs = new RegtechService(ledger, proofs, key);
    }

    private SigningKey key(Path files) {
        String name = "exchequer/" + foundation.node().replaceAll("[^A-Za-z0-9._-]", "-") + "/packs";
        Path folder = files.resolve(FOLDER);
        try {
            Folders.make(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
        return SigningKey.open(folder.resolve("pack.key"), name, NoteKey.Kind.LOG);
    }

    /** Packs; after {@link #start}. */
    public Packs packs() {
        Packs started = packs;
        if (started == null) {
            throw new IllegalStateException("regulatory reporting has not been started");
        }
        return started;
    }

    @Override
    public Readiness readiness() {
        return packs == null ? new Readiness(false, "not started") : new Readiness(true, "ready");
    }

    @Override
    public List<InvariantResult> checkInvariants() {
        return List.of();
    }

    @Override
    public List<Object> controllers() {
        return List.of(new PackDoor(packs()));
    }

    @Override
    public List<Route> routes() {
        return PackDoor.routes();
    }

    @Override
    public void close() {
        packs = null;
    }
}
