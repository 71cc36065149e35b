package org.exchequer.console.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.exchequer.platform.web.StrictJson;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import tools.jackson.core.JacksonException;

/** Messages with line breaks and indents, for people. What cannot be read so is shown as it is. */
public final class Pretty {
    private static final int LONGEST = 100_000;

    private Pretty() {}

    /** A message in XML or JSON; past 100,000 characters it is cut, and says so. */
    public static String text(byte[] message) {
        String raw = new String(message, UTF_8);
        String shown = switch (raw.isBlank() ? ' ' : raw.strip().charAt(0)) {
            case '<', '\ufeff' -> xml(message, raw);
            case '{', '[' -> json(raw);
            default -> raw;
        };
        return shown.length() <= LONGEST
                ? shown
                : shown.substring(0, LONGEST) + "\n… and " + Amounts.count(shown.length() - LONGEST) + " characters";
    }

    private static String json(String raw) {
        try {
            return StrictJson.mapper().readTree(raw).toPrettyString();
        } catch (JacksonException broken) {
            return raw;
        }
    }

    private static String xml(byte[] message, String raw) {
        try {
            DocumentBuilderFactory builders = DocumentBuilderFactory.newDefaultInstance();
            builders.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            builders.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = builders.newDocumentBuilder();
            builder.setErrorHandler(null);
            Document document = builder.parse(new ByteArrayInputStream(message));
            withoutBlanks(document);
            TransformerFactory transformers = TransformerFactory.newDefaultInstance();
            transformers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            Transformer transformer = transformers.newTransformer();
            transformer.setOutputProperty(OutputKeys.INDENT, "yes");
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            transformer.setOutputProperty("{http://xml.apache.org/xslt}indent-amount", "2");
            StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(document), new StreamResult(text));
            return text.toString();
        } catch (ParserConfigurationException | SAXException | TransformerException | IOException broken) {
            return raw;
        }
    }

    private static void withoutBlanks(Node node) {
        Node child = node.getFirstChild();
        while (child != null) {
            Node next = child.getNextSibling();
            boolean alone = child.getPreviousSibling() == null && next == null;
            if (child.getNodeType() == Node.TEXT_NODE && child.getNodeValue().isBlank() && !alone) {
                node.removeChild(child);
            } else {
                withoutBlanks(child);
            }
            child = next;
        }
    }
}
