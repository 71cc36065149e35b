package org.exchequer.prooflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectKeysTest {
    private static final byte[] MASTER = new byte[SubjectKeys.MASTER_BYTES];
    private static final byte[] DATA = "Ada Lovelace, 12 St James's Square".getBytes(StandardCharsets.UTF_8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private SubjectKeys keys() {
        new Random(1).nextBytes(MASTER);
        return SubjectKeys.open(folder.resolve("keys"), MASTER);
    }

    @Test
    void an_erased_subject_is_unreadable_and_its_entries_stay_proved() {
        SubjectKeys keys = keys();
        try (ProofLog log = Scratch.open(folder.resolve("log"))) {
            log.append(0, keys.seal("customer-1", DATA));
            log.append(1, keys.seal("customer-2", DATA));
            log.commit();
            log.publish();
            byte[] first = log.entry(0).orElseThrow();
            byte[] second = log.entry(1).orElseThrow();
            assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("Ada", "customer-1");
            assertThat(keys().open(first)).isEqualTo(DATA);

            assertThat(keys.erase("customer-1")).isTrue();
            assertThat(keys.erase("customer-1")).isFalse();
            assertThatThrownBy(() -> keys.open(first)).isInstanceOf(SubjectErasedException.class);
            assertThatThrownBy(() -> keys().seal("customer-1", DATA)).isInstanceOf(SubjectErasedException.class);
            assertThat(keys.open(second)).isEqualTo(DATA);
            assertThat(log.prove(0)).isInstanceOf(ProofLog.Proof.Included.class);
        }
        assertThat(Scratch.verify(folder.resolve("log")).code()).isZero();
    }

    @Test
    void a_subject_erased_before_it_had_a_key_gets_none() {
        SubjectKeys keys = keys();
        assertThat(keys.erase("customer-3")).isFalse();
        assertThatThrownBy(() -> keys.seal("customer-3", DATA)).isInstanceOf(SubjectErasedException.class);
    }

    @Test
    void changed_bytes_and_other_masters_open_nothing() {
        SubjectKeys keys = keys();
        byte[] sealed = keys.seal("customer-1", DATA);
        for (int at : List.of(0, 5, 20, 30, sealed.length - 1)) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> keys.open(changed)).isInstanceOf(ProofLogException.class);
        }
        assertThatThrownBy(() -> keys.open(new byte[3])).isInstanceOf(ProofLogException.class);
        SubjectKeys others = SubjectKeys.open(folder.resolve("keys"), new byte[SubjectKeys.MASTER_BYTES]);
        assertThatThrownBy(() -> others.open(sealed)).isInstanceOf(ProofLogException.class);
        assertThatThrownBy(() -> SubjectKeys.open(folder, new byte[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keys_are_wrapped_the_owners_alone_and_named_after_nobody() throws IOException {
        keys().seal("customer-1", DATA);
        List<Path> files = Scratch.files(folder.resolve("keys"));
        assertThat(files).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.getFirst())))
                .isEqualTo("rw-------");
        assertThat(files.getFirst().toString()).doesNotContain("customer");
        assertThat(Files.readString(files.getFirst()).strip()).hasSize(2 * 60);
    }

    @Test
    void keys_are_listed_without_saying_whose_they_are() {
        SubjectKeys keys = keys();
        keys.seal("person:7", new byte[] {1});
        keys.seal("person:8", new byte[] {1});
        keys.erase("person:8");
        assertThat(keys.names())
                .containsOnly(Map.entry(keys.name("person:7"), true), Map.entry(keys.name("person:8"), false));
        assertThat(keys.name("person:7")).matches("[0-9a-f]{32}").isNotEqualTo(keys.name("person:8"));
    }

    @Test
    void the_same_text_of_a_subject_is_sealed_alike_and_fits() {
        SubjectKeys keys = keys();
        String sealed = SealedText.seal(keys, "customer-1", "Ada");
        assertThat(SealedText.seal(keys(), "customer-1", "Ada")).isEqualTo(sealed);
        assertThat(SealedText.seal(keys, "customer-2", "Ada")).isNotEqualTo(sealed);
        assertThat(SealedText.seal(keys, "customer-1", "Eva").substring(0, 30)).startsWith("sealed:");
        assertThat(keys.sealAlike("customer-1", DATA)).isEqualTo(keys.sealAlike("customer-1", DATA));
        assertThat(keys.seal("customer-1", DATA)).isNotEqualTo(keys.seal("customer-1", DATA));
        for (int most : new int[] {200, 500}) {
            int bytes = SealedText.mostBytes(most);
            assertThat(SealedText.seal(keys, "customer-1", "x".repeat(bytes))).hasSizeBetween(most - 2, most);
            assertThat(SealedText.seal(keys, "customer-1", "x".repeat(bytes + 1))
                            .length())
                    .isGreaterThan(most);
        }
        String empty = SealedText.seal(keys, "customer-1", "");
        assertThat(List.of(sealed, empty)).allMatch(SealedText::is);
        assertThat(List.of("sealed: envelope", "sealed:", "Ada", empty.substring(0, empty.length() - 1)))
                .noneMatch(SealedText::is);

        String other = SealedText.seal(SubjectKeys.open(folder.resolve("k2"), MASTER), "customer-9", "Ada");
        String changed = sealed.substring(0, sealed.length() - 4) + "AAAA";
        assertThat(keys.openTexts(List.of(sealed, empty, other, changed)))
                .containsEntry(sealed, "Ada")
                .containsEntry(empty, "")
                .containsEntry(other, SubjectKeys.UNREADABLE)
                .containsEntry(changed, SubjectKeys.UNREADABLE);
        keys.erase("customer-1");
        assertThat(keys.openTexts(List.of(sealed))).containsEntry(sealed, SubjectKeys.ERASED);
        assertThat(keys.state("customer-1")).isEqualTo(SubjectKeys.State.ERASED);
        assertThat(keys.state("customer-2")).isEqualTo(SubjectKeys.State.KEPT);
        assertThat(keys.state("customer-3")).isEqualTo(SubjectKeys.State.UNKNOWN);
    }
}
