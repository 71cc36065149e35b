package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeysTest {
    private static final byte[] ABOUT = {7};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path file() {
        return folder.resolve("master.key");
    }

    @Test
    void a_key_is_made_once_and_only_where_that_is_wanted() throws IOException {
        assertThat(MasterKeys.NONE.first()).isEmpty();
        assertThat(MasterKeys.file(file(), false).first()).isEmpty();
        MasterKey made = MasterKeys.file(file(), true).first().orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        byte[] wrapped = made.wrap(ABOUT, new byte[32]);
        MasterKey again = MasterKeys.file(file(), true).first().orElseThrow();
        assertThat(again.unwrap(ABOUT, wrapped)).isEqualTo(new byte[32]);
        assertThatThrownBy(() -> again.unwrap(new byte[] {8}, wrapped)).isInstanceOf(WrongMasterKeyException.class);
        assertThat(made).hasToString("MasterKey");
        assertThat(MasterKeys.NONE.opening(ABOUT, wrapped)).isEmpty();
    }

    @Test
    void whenever_the_process_dies_the_key_that_fits_is_here() throws IOException {
        MasterKeys keys = MasterKeys.file(file(), true);
        byte[] before = keys.first().orElseThrow().wrap(ABOUT, new byte[32]);
        MasterKey next = keys.prepareNext().orElseThrow();
        // Died before the keys were wrapped again ...
        assertThat(keys.opening(ABOUT, before)).isPresent();
        byte[] after = next.wrap(ABOUT, new byte[32]);
        // ... or after, before the file took its place.
        assertThat(keys.opening(ABOUT, after)).isPresent();
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".next"));
        assertThat(keys.opening(ABOUT, after)).isPresent();
        assertThatThrownBy(() -> keys.opening(ABOUT, before))
                .isInstanceOf(WrongMasterKeyException.class)
                .hasMessageContaining("another master key")
                .hasMessageContaining(file().toString());
        Files.delete(file());
        assertThatThrownBy(() -> keys.opening(ABOUT, after)).hasMessageContaining("EXCHEQUER_MASTER_KEY");
        assertThatThrownBy(() -> MasterKeys.given(MasterKey.random()).opening(ABOUT, after))
                .hasMessageStartingWith("EXCHEQUER_MASTER_KEY is another");
    }

    @Test
    void what_is_no_key_is_refused_without_being_repeated() {
        for (String text :
                new String[] {"", "secret-secret", Base64.getEncoder().encodeToString(new byte[31])}) {
            assertThatThrownBy(() -> MasterKey.parse("EXCHEQUER_MASTER_KEY", text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("EXCHEQUER_MASTER_KEY must hold 32 bytes in Base64")
                    .hasNoCause();
        }
    }
}
