package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.file.Path;
import org.exchequer.platform.infra.Folders;

/** For tests: switching archiving on takes a server that has just been started ten seconds. */
public final class ArchivedBefore {
    private ArchivedBefore() {}

    /** Makes a server that is not running archive its log from its next start on, as after an earlier backup. */
    public static void in(Path home) throws IOException {
        Archiving.writeSettings(Folders.make(home));
    }
}
