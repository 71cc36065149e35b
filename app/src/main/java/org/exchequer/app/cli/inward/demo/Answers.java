package org.exchequer.app.cli.inward.demo;

import java.nio.charset.StandardCharsets;

/** Reads of a pacs.002 or camt.029 what the demo counts. */
final class Answers {
    private Answers() {}

    /** The code of the reason; empty when it gives none. */
    static String code(byte[] answer) {
        String xml = new String(answer, StandardCharsets.UTF_8);
        int at = xml.indexOf("<Rsn><Cd>");
        int end = xml.indexOf("</Cd>", at);
        return at < 0 || end < 0 ? "" : xml.substring(at + "<Rsn><Cd>".length(), end);
    }
}
