package org.exchequer.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.exchequer.lab.check.Evidence.Message;
import org.jspecify.annotations.Nullable;

/**
 * Outbox = topic = inbox: everything that was to be published stands on the topic in order of its stream, nothing else
 * does, and a consumer has applied each once. A message may stand on the topic again when it is the same.
 */
public final class Publication implements Checker {
    /** How many messages around a violation are told. */
    private static final int AROUND = 2;

    @Override
    public String name() {
        return "publication";
    }

    @Override
    public String invariant() {
        return "Outbox, topic and inbox hold the same messages in the same order per stream, each applied once.";
    }

    @Override
    public Finding check(Evidence evidence) {
        Optional<List<Message>> outbox = evidence.outbox();
        Optional<List<Message>> topic = evidence.topic();
        if (outbox.isEmpty() || topic.isEmpty()) {
            return Finding.unknown(name(), "messages", "outbox or topic was not read");
        }
        Tally tally = new Tally(name(), "messages");
        long repeated = compare("outbox", outbox.get(), "topic", topic.get(), true, tally);
        if (repeated > 0) {
            tally.note(repeated + " redelivered, identical");
        }
        if (evidence.inbox().isPresent()) {
            compare("outbox", outbox.get(), "inbox", evidence.inbox().get(), false, tally);
        } else {
            tally.note("no consumer's inbox was read");
        }
        return tally.finding();
    }

    /** Compares what came with what was to come, and returns how often something came again. */
    private static long compare(
            String source, List<Message> expected, String target, List<Message> seen, boolean again, Tally tally) {
        Map<String, List<Message>> wanted = byStream(expected);
        Map<String, Integer> next = new HashMap<>();
        Map<String, Map<Long, Message>> came = new HashMap<>();
        Map<String, Set<Long>> comes = new HashMap<>();
        seen.forEach(message ->
                comes.computeIfAbsent(message.stream(), any -> new HashSet<>()).add(message.sequence()));
        long repeated = 0;
        for (Message message : seen) {
            tally.checked();
            List<Message> stream = wanted.getOrDefault(message.stream(), List.of());
            Map<Long, Message> before = came.computeIfAbsent(message.stream(), any -> new HashMap<>());
            Message first = before.putIfAbsent(message.sequence(), message);
            if (first != null) {
                repeated++;
                if (!again) {
                    tell(tally, target + " holds " + name(message) + " twice", stream, message, first);
                } else if (!first.body().equals(message.body())) {
                    tell(tally, name(message) + " came again with another content", stream, message, first);
                }
                continue;
            }
            int at = next.getOrDefault(message.stream(), 0);
            Set<Long> there = comes.getOrDefault(message.stream(), Set.of());
            while (at < stream.size() && !there.contains(stream.get(at).sequence())) {
                at++;
            }
            if (at < stream.size() && stream.get(at).sequence() == message.sequence()) {
                next.put(message.stream(), at + 1);
                if (!stream.get(at).body().equals(message.body())) {
                    tell(tally, name(message) + " differs between " + source + " and " + target, stream, message, null);
                }
                continue;
            }
            int place = indexOf(stream, message.sequence());
            if (place < 0) {
                tell(
                        tally,
                        name(message) + " is on the " + target + " but not in the " + source,
                        stream,
                        message,
                        null);
            } else {
                next.put(message.stream(), Math.max(at, place + 1));
                String missed = place > at ? " came before " + name(stream.get(at)) : " came too late";
                tell(tally, name(message) + missed + " on the " + target, stream, message, null);
            }
        }
        wanted.forEach((stream, messages) -> messages.stream()
                .filter(message -> !came.getOrDefault(stream, Map.of()).containsKey(message.sequence()))
                .forEach(message ->
                        tell(tally, name(message) + " never came to the " + target, messages, message, null)));
        return repeated;
    }

    private static Map<String, List<Message>> byStream(List<Message> messages) {
        Map<String, List<Message>> byStream = new HashMap<>();
        for (Message message : messages) {
            byStream.computeIfAbsent(message.stream(), any -> new ArrayList<>()).add(message);
        }
        return byStream;
    }

    private static int indexOf(List<Message> stream, long sequence) {
        int low = 0;
        int high = stream.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = stream.get(middle).sequence();
            if (there == sequence) {
                return middle;
            } else if (there < sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private static void tell(
            Tally tally, String summary, List<Message> stream, Message message, @Nullable Message first) {
        List<String> story = new ArrayList<>();
        int place = indexOf(stream, message.sequence());
        if (place >= 0) {
            for (int i = Math.max(0, place - AROUND); i < Math.min(stream.size(), place + AROUND + 1); i++) {
                story.add("to be published: " + name(stream.get(i)) + " "
                        + stream.get(i).body());
            }
        }
        if (first != null) {
            story.add("first: " + name(first) + " " + first.body());
        }
        story.add("this: " + name(message) + " " + message.body());
        tally.violation(1, summary, story);
    }

    private static String name(Message message) {
        return "message " + message.stream() + "/" + message.sequence();
    }
}
