package org.exchequer.bench;

import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathFactory;
import org.exchequer.iso20022.Answer;
import org.exchequer.iso20022.AnswerWriter;
import org.exchequer.iso20022.MessageGenerator;
import org.exchequer.iso20022.MessageReader;
import org.exchequer.iso20022.MessageType;
import org.exchequer.iso20022.Reading;
import org.exchequer.kernel.Ticker;
import org.w3c.dom.Document;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench iso20022}: messages read and answered on one thread, beside a DOM reader and bare cursors. */
@Command(
        name = "iso20022",
        mixinStandardHelpOptions = true,
        description = "Measures payment messages read and answered beside DOM + XPath and bare XML cursors.")
final class IsoBench implements Callable<Integer> {
    private static final int PREPARED = 1_000;
    private static final int MOST_SECONDS = 60;

    /** What the DOM reader looks up: the fields a transfer is carried out by, as a plain program would. */
    private static final List<String> LOOKED_UP = List.of(
            "GrpHdr/MsgId",
            "GrpHdr/CreDtTm",
            "GrpHdr/NbOfTxs",
            "GrpHdr/IntrBkSttlmDt",
            "GrpHdr/SttlmInf/SttlmMtd",
            "GrpHdr/PmtTpInf/InstrPrty",
            "GrpHdr/InstgAgt/FinInstnId/BICFI",
            "GrpHdr/InstdAgt/FinInstnId/BICFI",
            "CdtTrfTxInf/PmtId/InstrId",
            "CdtTrfTxInf/PmtId/EndToEndId",
            "CdtTrfTxInf/PmtId/TxId",
            "CdtTrfTxInf/PmtId/UETR",
            "CdtTrfTxInf/IntrBkSttlmAmt",
            "CdtTrfTxInf/IntrBkSttlmAmt/@Ccy",
            "CdtTrfTxInf/AccptncDtTm",
            "CdtTrfTxInf/Dbtr/Nm",
            "CdtTrfTxInf/DbtrAcct/Id/IBAN",
            "CdtTrfTxInf/DbtrAgt/FinInstnId/BICFI",
            "CdtTrfTxInf/Cdtr/Nm",
            "CdtTrfTxInf/CdtrAcct/Id/IBAN",
            "CdtTrfTxInf/CdtrAgt/FinInstnId/BICFI",
            "CdtTrfTxInf/Purp/Cd",
            "CdtTrfTxInf/RmtInf/Ustrd");

    /** Work on one message; what it gives is summed, so that nothing can be left out. */
    private interface Work {
        long on(byte[] message) throws Exception;
    }

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Option(names = "--seconds", description = "how long each measurement takes (default ${DEFAULT-VALUE})")
    private int seconds = 5;

    @Option(names = "--seed", description = "of the messages (default ${DEFAULT-VALUE})")
    private long seed = 1;

    private final Ticker ticker = Ticker.system();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final MessageReader reader = new MessageReader();

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new ParameterException(spec.commandLine(), "--seconds must be from 1 to " + MOST_SECONDS);
        }
        MessageGenerator generator = new MessageGenerator(seed, LocalDate.of(2026, 1, 30));
        List<byte[]> messages = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < PREPARED; i++) {
            byte[] message = generator.next(MessageType.PACS_008);
            messages.add(message);
            bytes += message.length;
        }
        new Report(System.out).machine();
        System.out.printf("pacs.008 of %,d bytes on average, one thread, processor time%n%n", bytes / PREPARED);
        System.out.printf("| what | messages/s | µs each |%n|---|--:|--:|%n");
        row("read, checked and converted", messages, this::read);
        row("pacs.002 written", messages, answered(messages.getFirst()));
        row("DOM + XPath, unchecked", messages, dom());
        row("bare cursor, Woodstox", messages, cursor(new com.ctc.wstx.stax.WstxInputFactory()));
        row("bare cursor, JDK", messages, cursor(XMLInputFactory.newDefaultFactory()));
        return 0;
    }

    private void row(String what, List<byte[]> messages, Work work) throws Exception {
        measure(messages, work, Math.max(1, seconds / 2));
        double micros = measure(messages, work, seconds);
        System.out.printf(Locale.ROOT, "| %s | %,.0f | %.2f |%n", what, 1e6 / micros, micros);
    }

    /** Microseconds of this thread's processor time for one message. */
    private double measure(List<byte[]> messages, Work work, int forSeconds) throws Exception {
        long until = ticker.nanos() + TimeUnit.SECONDS.toNanos(forSeconds);
        long began = threads.getCurrentThreadCpuTime();
        long done = 0;
        long sum = 0;
        while (ticker.nanos() < until) {
            for (byte[] message : messages) {
                sum += work.on(message);
            }
            done += messages.size();
        }
        long used = threads.getCurrentThreadCpuTime() - began;
        if (sum == 0) {
            throw new IllegalStateException("nothing was read");
        }
        return used / 1e3 / done;
    }

    private long read(byte[] message) {
        return switch (reader.read(message)) {
            case Reading.Read read -> read.instruction().messageId().length();
            case Reading.Invalid invalid ->
                throw new IllegalStateException(invalid.findings().toString());
            case Reading.Unreadable unreadable ->
                throw new IllegalStateException(unreadable.finding().text());
        };
    }

    /** One answer's bytes, over and over: what the messages do not say again. */
    private Work answered(byte[] message) {
        return switch (reader.read(message)) {
            case Reading.Read read -> {
                Answer.Subject subject = Answer.Subject.of(read.instruction());
                Answer answer = new Answer.Status(
                        "A-1", Instant.EPOCH, subject, "RJCT", "AC04", "the account is closed", Instant.EPOCH);
                yield ignored -> AnswerWriter.write(answer).length;
            }
            case Reading.Invalid invalid ->
                throw new IllegalStateException(invalid.findings().toString());
            case Reading.Unreadable unreadable ->
                throw new IllegalStateException(unreadable.finding().text());
        };
    }

    private static Work dom() throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        List<XPathExpression> lookups = new ArrayList<>();
        for (String path : LOOKED_UP) {
            lookups.add(XPathFactory.newInstance().newXPath().compile("/Document/FIToFICstmrCdtTrf/" + path));
        }
        return message -> {
            Document document = builder.parse(new ByteArrayInputStream(message));
            long length = 0;
            for (XPathExpression lookup : lookups) {
                length += lookup.evaluate(document).length();
            }
            return length;
        };
    }

    private static Work cursor(XMLInputFactory factory) {
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return message -> {
            XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(message));
            long length = 0;
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT ->
                        length += xml.getLocalName().length();
                    case XMLStreamConstants.CHARACTERS ->
                        length += xml.getText().length();
                    default -> {} // Only what a reader would look at.
                }
            }
            xml.close();
            return length;
        };
    }
}
