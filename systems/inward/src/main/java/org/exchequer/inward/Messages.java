package org.exchequer.inward;

import org.exchequer.inward.core.Intake;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.JsonReader;
import org.exchequer.iso20022.MessageReader;
import org.exchequer.iso20022.Reading;

/** Reads messages: JSON when the first character that is no blank is a brace, else XML. */
public final class Messages {
    private final MessageReader xml = new MessageReader();
    private final JsonReader json = new JsonReader();

    /** What came of it. */
    public sealed interface Read {}

    /** It can be answered. */
    public record Taken(Intake intake) implements Read {}

    /** It cannot. */
    public record Unreadable(Finding why) implements Read {}

    /** Reads one. */
    public Read read(byte[] message) {
        return switch (isJson(message) ? json.read(message) : xml.read(message)) {
            case Reading.Read(Instruction instruction) -> new Taken(Intake.of(instruction, message));
            case Reading.Invalid invalid -> new Taken(Intake.of(invalid, message));
            case Reading.Unreadable(Finding why) -> new Unreadable(why);
        };
    }

    private static boolean isJson(byte[] message) {
        for (byte character : message) {
            if (character > ' ') {
                return character == '{';
            }
        }
        return false;
    }
}
