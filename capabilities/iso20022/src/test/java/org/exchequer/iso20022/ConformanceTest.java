package org.exchequer.iso20022;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.exchequer.iso20022.Grammar.Node;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The reader against other people's messages, a plain DOM reader, and the official schemas. */
class ConformanceTest {
    private static final int MUTANTS = 3_000;

    private final MessageReader reader = new MessageReader();
    private final XPath xpath = XPathFactory.newInstance().newXPath();
    private final Map<String, Optional<Schema>> schemas = new HashMap<>();

    private static Document dom(byte[] xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text at a path below the message's element, e.g. {@code GrpHdr/MsgId}; the first of several. */
    private @Nullable String at(Element message, String path) {
        StringBuilder expression = new StringBuilder(".");
        for (String step : path.split("/")) {
            expression.append(step.equals("*") ? "/*" : "/*[local-name()='" + step + "']");
        }
        try {
            NodeList found = (NodeList) xpath.evaluate(expression.toString(), message, XPathConstants.NODESET);
            return found.getLength() == 0 ? null : found.item(0).getTextContent();
        } catch (XPathExpressionException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable String first(Element message, String... paths) {
        for (String path : paths) {
            String value = at(message, path);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    @Test
    void every_published_sample_gives_what_a_dom_reader_sees() throws IOException {
        int read = 0;
        int answered = 0;
        List<String> strange = new ArrayList<>();
        for (Path file : Samples.published()) {
            byte[] bytes = Files.readAllBytes(file);
            switch (reader.read(bytes)) {
                case Reading.Read message -> {
                    read++;
                    same(message.instruction(), document(dom(bytes)), file);
                }
                case Reading.Invalid invalid -> {
                    answered++;
                    Element document = document(dom(bytes));
                    boolean explained = invalid.findings().stream().allMatch(ConformanceTest::beyondTheSchema);
                    if (!explained && valid(document).orElse(true)) {
                        strange.add(file.getFileName() + " " + invalid.findings());
                    }
                }
                case Reading.Unreadable unreadable ->
                    strange.add(file.getFileName() + " " + unreadable.finding().text());
            }
        }
        System.out.println("samples read: " + read + ", answered as invalid: " + answered);
        assertThat(strange).as("neither read nor refused by the schema").isEmpty();
        assertThat(read).isGreaterThanOrEqualTo(38);
    }

    /** The Document; one is put around a message that comes without. */
    private static Element document(Document dom) {
        NodeList found = dom.getElementsByTagNameNS("*", "Document");
        if (found.getLength() > 0) {
            return (Element) found.item(0);
        }
        for (MessageType type : MessageType.values()) {
            NodeList messages = dom.getElementsByTagNameNS("*", type.element());
            if (messages.getLength() > 0) {
                Element message = (Element) messages.item(0);
                Element around = dom.createElementNS(message.getNamespaceURI(), "Document");
                around.appendChild(message);
                return around;
            }
        }
        throw new IllegalStateException("no message");
    }

    private void same(Instruction seen, Element document, Path file) {
        Element message = firstChild(document);
        boolean payment = seen.type() == MessageType.PACS_008 || seen.type() == MessageType.PACS_003;
        String tx = seen.type() == MessageType.CAMT_056 ? "Undrlyg/TxInf/" : payment ? "*/" : "TxInf/";
        Map<String, @Nullable Object> ours = new HashMap<>();
        Map<String, @Nullable Object> twin = new HashMap<>();
        ours.put("message", seen.messageId());
        twin.put("message", first(message, "GrpHdr/MsgId", "Assgnmt/Id"));
        if (payment) {
            Party debtor = requireNonNull(seen.debtor());
            Party creditor = requireNonNull(seen.creditor());
            ours.put("instruction", seen.instructionId());
            twin.put("instruction", at(message, tx + "PmtId/InstrId"));
            ours.put("endToEnd", seen.endToEndId());
            twin.put("endToEnd", at(message, tx + "PmtId/EndToEndId"));
            ours.put("uetr", seen.uetr());
            twin.put("uetr", at(message, tx + "PmtId/UETR"));
            ours.put(
                    "amount",
                    new java.math.BigDecimal(requireNonNull(seen.amount()).toDecimal()).stripTrailingZeros());
            twin.put(
                    "amount",
                    new java.math.BigDecimal(requireNonNull(at(message, tx + "IntrBkSttlmAmt"))).stripTrailingZeros());
            ours.put("debtor", debtor.name());
            twin.put("debtor", at(message, tx + "Dbtr/Nm"));
            ours.put("creditor", creditor.name());
            twin.put("creditor", at(message, tx + "Cdtr/Nm"));
            ours.put(
                    "account",
                    creditor.account() == null ? null : creditor.account().id());
            twin.put("account", first(message, tx + "CdtrAcct/Id/IBAN", tx + "CdtrAcct/Id/Othr/Id"));
            ours.put("agent", creditor.agentBic());
            twin.put("agent", at(message, tx + "CdtrAgt/FinInstnId/BICFI"));
            ours.put(
                    "date",
                    Optional.ofNullable(seen.settlementDate())
                            .map(Object::toString)
                            .orElse(null));
            twin.put("date", first(message, "GrpHdr/IntrBkSttlmDt", tx + "IntrBkSttlmDt"));
            ours.put("sender", seen.instructingBic());
            twin.put("sender", first(message, "GrpHdr/InstgAgt/FinInstnId/BICFI", tx + "InstgAgt/FinInstnId/BICFI"));
            ours.put("purpose", seen.purpose());
            twin.put("purpose", first(message, tx + "Purp/Cd", tx + "Purp/Prtry"));
        } else {
            Original original = requireNonNull(seen.original());
            ours.put("original", original.messageId());
            twin.put("original", first(message, tx + "OrgnlGrpInf/OrgnlMsgId", "*/OrgnlGrpInfAndCxl/OrgnlMsgId"));
            ours.put("endToEnd", original.endToEndId());
            twin.put("endToEnd", at(message, tx + "OrgnlEndToEndId"));
            ours.put("uetr", original.uetr());
            twin.put("uetr", at(message, tx + "OrgnlUETR"));
            ours.put("reason", original.reasonCode());
            twin.put("reason", first(message, tx + "CxlRsnInf/Rsn/Cd", tx + "RvslRsnInf/Rsn/Cd"));
        }
        assertThat(ours).as(file.toString()).isEqualTo(twin);
    }

    private static Element firstChild(Element parent) {
        for (org.w3c.dom.Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element) {
                return element;
            }
        }
        throw new IllegalStateException("no child");
    }

    /** What we demand and the schema does not: these rules are about what values mean, or about one transaction. */
    private static boolean beyondTheSchema(Finding finding) {
        return switch (finding.code()) {
            case "AM01", "CH20" -> true;
            case "AM11" -> finding.text().contains("in use");
            case "AM12" -> finding.text().startsWith("exceeds");
            case "AM18" -> finding.text().contains("one message");
            case "AC01" -> finding.text().contains("check digits");
            case "RC01" -> finding.text().contains("does not exist");
            case "BE09" -> finding.text().contains("ISO 3166");
            case "CH21" -> finding.text().startsWith("must name the original");
            default -> false;
        };
    }

    /** What the official validator says, where the version's schema is at hand. */
    private Optional<Boolean> valid(Element document) {
        String definition = document.getNamespaceURI().substring(MessageType.NAMESPACE.length());
        return schemas.computeIfAbsent(definition, ConformanceTest::schema).map(schema -> {
            try {
                schema.newValidator().validate(new DOMSource(document));
                return true;
            } catch (SAXException invalid) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Optional<Schema> schema(String definition) {
        return Samples.schema(definition).map(path -> {
            try {
                return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                        .newSchema(path.toFile());
            } catch (SAXException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void own_messages_are_valid_by_the_schemas() {
        Samples.data();
        for (String message : Samples.own()) {
            assertThat(valid(document(dom(Samples.bytes(message))))).as(message).contains(true);
        }
    }

    @Test
    void mutants_are_judged_as_by_the_schema() throws Exception {
        List<Element> seeds = new ArrayList<>();
        Samples.own().forEach(message -> seeds.add(document(dom(Samples.bytes(message)))));
        for (Path file : Samples.published()) {
            Element document = document(dom(Files.readAllBytes(file)));
            if (valid(document).orElse(false)) {
                seeds.add(document);
            }
        }
        long seed = Long.getLong("seed", 20022);
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Element document = mutant(seeds.get(i < 600 ? i % 6 : random.nextInt(seeds.size())), random);
            Optional<Boolean> valid = valid(document);
            if (valid.isEmpty()) {
                continue;
            }
            String xml = text(document);
            boolean accepted = switch (reader.read(Samples.bytes(xml))) {
                case Reading.Read _ -> true;
                case Reading.Invalid invalid -> invalid.findings().stream().allMatch(ConformanceTest::beyondTheSchema);
                case Reading.Unreadable _ -> false;
            };
            assertThat(accepted)
                    .as(() -> "seed " + seed + ", our findings " + reader.read(Samples.bytes(xml)) + "\n" + xml)
                    .isEqualTo(valid.get());
            refused += accepted ? 0 : 1;
        }
        System.out.println("mutants refused: " + refused + " of " + MUTANTS);
        assertThat(refused).isBetween(MUTANTS / 5, MUTANTS * 19 / 20);
    }

    /** A copy of the document with one to three changes in the parts that are read, sometimes of another version. */
    private static Element mutant(Element seed, SplittableRandom random) throws Exception {
        Document dom = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .newDocument();
        dom.appendChild(dom.importNode(seed, true));
        String namespace = seed.getNamespaceURI();
        String definition = namespace.substring(MessageType.NAMESPACE.length());
        MessageType type = MessageType.of(definition).orElseThrow();
        if (type == MessageType.PACS_008 && random.nextInt(5) == 0) {
            definition = type.version(2 + random.nextInt(11));
            rename(dom, dom.getDocumentElement(), MessageType.NAMESPACE + definition);
        }
        Node root = Grammar.of(type, definition);
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            List<Place> places = new ArrayList<>();
            collect(firstChild(dom.getDocumentElement()), root, places);
            change(dom, places.get(random.nextInt(places.size())), random);
        }
        return dom.getDocumentElement();
    }

    private record Place(Element element, Node node) {}

    private static void rename(Document dom, Element element, String namespace) {
        Element renamed = (Element) dom.renameNode(element, namespace, element.getLocalName());
        for (Element child : children(renamed)) {
            rename(dom, child, namespace);
        }
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (org.w3c.dom.Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    private static void collect(Element element, Node node, List<Place> places) {
        places.add(new Place(element, node));
        for (Element child : children(element)) {
            Node known = node.child(child.getLocalName());
            if (known != null && !known.skipped() && known.shape != Node.Shape.LOOSE) {
                collect(child, known, places);
            }
        }
    }

    private static final List<String> VALUES = List.of(
            "",
            " ",
            "x",
            "1",
            "0",
            "-1",
            "+7",
            "007",
            "12.50",
            "1.234567",
            ".5",
            "5.",
            ".",
            "1e3",
            "-0",
            "123456789012345678",
            "1234567890123456789",
            "0.00001",
            "99999999999999999.9",
            "abcdefghijklmnopqrstuvwxyz012345678",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "😀😀😀",
            "CLRG",
            "HIGH",
            "NORM",
            "true",
            "2026-01-31",
            "2026-02-30",
            "2024-02-29Z",
            "2026-01-31+14:00",
            "2026-01-31+14:01",
            "2026-01-31T24:00:00",
            "2026-01-31T23:59:60",
            "2026-01-31T10:00:00.123456789012Z",
            "2026-01-31T10:00",
            " 2026-01-31 ",
            "DEUTDEFF",
            "DEUTDEFFXXX",
            "DEUTDEFFXX",
            "DEUT1EFF",
            "1EUTDEFF",
            "DEUTDE0O",
            "SG",
            "sg",
            "DE89370400440532013000",
            "DE8937040044053201300_",
            "174c245f-2682-4291-ad67-2a41e530cd27",
            "174c245f-2682-1291-ad67-2a41e530cd27",
            "SLEV",
            "AAAA",
            "AAAAA",
            "USD",
            "x".repeat(140),
            "x".repeat(141));

    private static void change(Document dom, Place place, SplittableRandom random) {
        Element element = place.element();
        org.w3c.dom.Node parent = element.getParentNode();
        boolean root = parent.getParentNode() == dom;
        switch (random.nextInt(root ? 2 : 8)) {
            case 0 -> element.setAttribute(random.nextBoolean() ? "Ccy" : "a", random.nextBoolean() ? "EUR" : "Eu");
            case 1 -> {
                if (place.node().shape == Node.Shape.LEAF) {
                    element.setTextContent(VALUES.get(random.nextInt(VALUES.size())));
                } else {
                    element.appendChild(dom.createElementNS(element.getNamespaceURI(), "Nm"));
                }
            }
            case 2, 3 -> {
                if (place.node().shape == Node.Shape.LEAF) {
                    element.setTextContent(VALUES.get(random.nextInt(VALUES.size())));
                }
            }
            case 4 -> parent.removeChild(element);
            case 5 -> parent.insertBefore(element.cloneNode(true), element);
            case 6 -> {
                parent.removeChild(element);
                List<Element> rest = children((Element) parent);
                parent.insertBefore(element, rest.isEmpty() ? null : rest.get(random.nextInt(rest.size())));
            }
            default -> element.removeAttribute("Ccy");
        }
    }

    private static String text(Element document) throws Exception {
        java.io.StringWriter out = new java.io.StringWriter();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toString();
    }
}
