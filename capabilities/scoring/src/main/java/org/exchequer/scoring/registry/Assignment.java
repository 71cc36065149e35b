package org.exchequer.scoring.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.exchequer.scoring.model.ModelFormatException;
import org.exchequer.scoring.model.Sha256;

/**
 * Which version serves whom, as it stands in the file {@code serving}: lines of words, the last one with the SHA-256 of
 * those before it.
 *
 * @param generation counted up by one with each change
 * @param previous champion before, which a rollback brings back
 */
record Assignment(
        long generation, String champion, Optional<String> previous, Optional<Try> candidate, List<String> shadows) {
    private static final String FIRST = "exchequer-scoring-serving 1";
    private static final String LAST = "sha256 ";

    /**
     * A model that serves a share.
     *
     * @param steps percent of keys, ascending; a challenger has one
     * @param step which of them is in force, from 0
     */
    record Try(String model, boolean canary, List<Integer> steps, int step) {
        int percent() {
            return steps.get(step);
        }
    }

    Assignment {
        shadows = List.copyOf(shadows);
    }

    Assignment next(
            String nowChampion, Optional<String> nowPrevious, Optional<Try> nowCandidate, List<String> nowShadows) {
        return new Assignment(generation + 1, nowChampion, nowPrevious, nowCandidate, nowShadows);
    }

    String text() {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        text.append("generation ").append(generation).append('\n');
        text.append("champion ").append(champion).append('\n');
        previous.ifPresent(id -> text.append("previous ").append(id).append('\n'));
        candidate.ifPresent(each -> {
            text.append(each.canary ? "canary " : "challenger ").append(each.model);
            text.append(' ').append(each.step);
            each.steps.forEach(percent -> text.append(' ').append(percent));
            text.append('\n');
        });
        shadows.forEach(id -> text.append("shadow ").append(id).append('\n'));
        return text + LAST + sha256(text.toString()) + '\n';
    }

    static Assignment parse(String text) throws ModelFormatException {
        int last = text.lastIndexOf(LAST);
        if (!text.startsWith(FIRST + '\n') || last < 0 || !text.endsWith("\n")) {
            throw new ModelFormatException("serving: is not a file of this registry, or is truncated");
        }
        String body = text.substring(0, last);
        if (!text.substring(last + LAST.length(), text.length() - 1).equals(sha256(body))) {
            throw new ModelFormatException("serving: does not have the SHA-256 in its last line: altered");
        }
        long generation = 0;
        String champion = "";
        Optional<String> previous = Optional.empty();
        Optional<Try> candidate = Optional.empty();
        List<String> shadows = new ArrayList<>();
        try {
            for (String line : body.lines().skip(1).toList()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "generation" -> generation = Long.parseLong(words[1]);
                    case "champion" -> champion = words[1];
                    case "previous" -> previous = Optional.of(words[1]);
                    case "shadow" -> shadows.add(words[1]);
                    case "challenger", "canary" -> {
                        List<Integer> steps = Arrays.stream(words)
                                .skip(3)
                                .map(Integer::valueOf)
                                .toList();
                        candidate = Optional.of(
                                new Try(words[1], words[0].equals("canary"), steps, Integer.parseInt(words[2])));
                    }
                    default -> throw new ModelFormatException("serving: \"" + words[0] + "\" is not known");
                }
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new ModelFormatException("serving: a line does not say what its first word needs", e);
        }
        return new Assignment(generation, champion, previous, candidate, shadows);
    }

    private static String sha256(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
