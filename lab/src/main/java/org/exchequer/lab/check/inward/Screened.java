package org.exchequer.lab.check.inward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence.Entry;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Attempt;
import org.exchequer.lab.check.inward.InwardEvidence.Row;

/** Nobody on a sanctions list is paid, nor pays, whatever was broken when their message came. */
final class Screened implements InwardChecker {
    @Override
    public String name() {
        return "screened";
    }

    @Override
    public String invariant() {
        return "No payment of or to somebody on a sanctions list is accepted or posted, whatever fails meanwhile.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        if (evidence.journal().isEmpty() || evidence.rows().isEmpty()) {
            return Finding.unknown(name(), "messages", "journal or payments were not read");
        }
        Tally tally = new Tally(name(), "messages");
        Map<String, List<Entry>> posted = evidence.posted();
        Map<String, List<Row>> rows = evidence.rowsByDigest();
        for (List<Attempt> attempts : evidence.byMessage().values()) {
            InwardEvidence.Message message = attempts.getFirst().message();
            if (message.listed() == null) {
                continue;
            }
            tally.checked();
            List<String> story = new ArrayList<>();
            attempts.stream().filter(Attempt::accepted).map(Attempt::describe).forEach(story::add);
            rows.getOrDefault(message.digest(), List.of())
                    .forEach(row ->
                            posted.getOrDefault(row.id(), List.of()).forEach(entry -> story.add(entry.describe())));
            if (!story.isEmpty()) {
                tally.violation(1, message + " went through, though " + message.listed() + " is on a list", story);
            }
        }
        return tally.finding();
    }
}
