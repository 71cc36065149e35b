package org.exchequer.iso20022;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import java.io.ByteArrayInputStream;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.exchequer.iso20022.Grammar.Node;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pacs.008, pacs.003, pacs.007 or camt.056, with or without an envelope around its {@code Document}, in one
 * pass of a cursor. What the schema demands of the parts that are kept is checked on the way; what is passed over need
 * only be well-formed.
 *
 * <p>Hostile input is bounded: {@value #MAX_BYTES} bytes, {@value #MAX_DEPTH} levels, {@value #MAX_TEXT} characters of
 * text and {@value #MAX_ATTRIBUTE} of an attribute, no document type, no entities but XML's five, encodings UTF-8,
 * UTF-16 and ISO-8859-1, XML 1.0. One reader serves any number of threads.
 */
public final class MessageReader {
    /** The largest message that is looked at. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT = 64 * 1024;
    private static final int MAX_ATTRIBUTE = 1024;
    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_NAME_SHOWN = 64;
    private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

    /** Names of the encodings, as written in a declaration or found by the parser, without case. */
    private static final Set<String> ENCODINGS =
            Set.of("UTF-8", "UTF8", "UTF-16", "UTF-16BE", "UTF-16LE", "ISO-8859-1", "LATIN1", "US-ASCII", "ASCII");

    private final WstxInputFactory factory = new WstxInputFactory();

    public MessageReader() {
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, MAX_DEPTH);
        factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, MAX_TEXT);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, MAX_ATTRIBUTE);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, MAX_ATTRIBUTES);
        factory.setProperty(WstxInputProperties.P_MAX_CHARACTERS, (long) MAX_BYTES);
    }

    /** Reads one message; never throws for what its bytes are. */
    public Reading read(byte[] message) {
        if (message.length > MAX_BYTES) {
            return unreadable("/", "is larger than " + MAX_BYTES + " bytes");
        }
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(message));
            try {
                return new Pass(xml).read();
            } finally {
                xml.close();
            }
        } catch (Refused refused) {
            return unreadable("/", refused.rule);
        } catch (XMLStreamException malformed) {
            return unreadable("/", "is no well-formed XML" + at(malformed));
        } catch (RuntimeException lazily) {
            // Woodstox reports what it meets while it reads text on demand wrapped like this.
            if (lazily.getCause() instanceof XMLStreamException malformed) {
                return unreadable("/", "is no well-formed XML" + at(malformed));
            }
            throw lazily;
        }
    }

    private static String at(XMLStreamException malformed) {
        return malformed.getLocation() == null
                ? ""
                : " at line " + malformed.getLocation().getLineNumber() + ", column "
                        + malformed.getLocation().getColumnNumber();
    }

    private static Reading unreadable(String path, String rule) {
        return new Reading.Unreadable(new Finding("FF01", path, rule));
    }

    /** The message is of a kind that is not looked at further. */
    private static final class Refused extends RuntimeException {
        private final String rule;

        Refused(String rule) {
            super(rule, null, false, false);
            this.rule = rule;
        }
    }

    private static final class Pass {
        private final XMLStreamReader xml;
        private String namespace = "";
        private @Nullable Draft draft;

        Pass(XMLStreamReader xml) {
            this.xml = xml;
        }

        Reading read() throws XMLStreamException {
            prolog();
            Node root = null;
            while (xml.hasNext()) {
                if (next() == XMLStreamConstants.START_ELEMENT && isMessage()) {
                    if (root != null) {
                        throw new Refused("has more than one message");
                    }
                    root = document();
                }
            }
            if (root == null || draft == null) {
                throw new Refused("has no Document of " + MessageType.NAMESPACE);
            }
            Node message = root;
            String where = transactionPath(message);
            return draft.finish(where == null ? message.path : where);
        }

        private void prolog() {
            String declared = xml.getCharacterEncodingScheme();
            String found = xml.getEncoding();
            if ((declared != null && !ENCODINGS.contains(declared.toUpperCase(Locale.ROOT)))
                    || (found != null && !ENCODINGS.contains(found.toUpperCase(Locale.ROOT)))) {
                throw new Refused("must be encoded in UTF-8, UTF-16 or ISO-8859-1");
            }
            if (xml.getVersion() != null && !xml.getVersion().equals("1.0")) {
                throw new Refused("must be XML 1.0");
            }
        }

        private int next() throws XMLStreamException {
            int event = xml.next();
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw new Refused("must have no document type and no entities");
            }
            return event;
        }

        private static @Nullable String transactionPath(Node node) {
            if (node.transaction) {
                return node.path;
            }
            for (Node child : node.children) {
                String path = transactionPath(child);
                if (path != null) {
                    return path;
                }
            }
            return null;
        }

        /** A Document; or, as RTP sends it, the message's own element without one around. */
        private boolean isMessage() {
            String name = xml.getLocalName();
            if (name.equals("Document")) {
                return true;
            }
            MessageType type =
                    name.startsWith("FIToF") ? MessageType.of(definition()).orElse(null) : null;
            return type != null && name.equals(type.element());
        }

        private String definition() {
            String uri = xml.getNamespaceURI();
            return uri != null && uri.startsWith(MessageType.NAMESPACE)
                    ? uri.substring(MessageType.NAMESPACE.length())
                    : "";
        }

        private Node document() throws XMLStreamException {
            String definition = definition();
            MessageType type = MessageType.of(definition)
                    .orElseThrow(() -> new Refused("is none of the messages and versions that are read here"));
            Draft started = new Draft(type, definition);
            draft = started;
            namespace = MessageType.NAMESPACE + definition;
            Node message = Grammar.of(type, definition);
            boolean bare = xml.getLocalName().equals(type.element());
            attributes(started, bare ? message.path : "/Document", null);
            children(started, bare ? message : Node.document(message));
            return message;
        }

        private void children(Draft into, Node parent) throws XMLStreamException {
            long seen = 0;
            int last = -1;
            int run = 0;
            boolean loose = parent.shape == Node.Shape.LOOSE;
            for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
                if (event != XMLStreamConstants.START_ELEMENT) {
                    if (event == XMLStreamConstants.CHARACTERS && !xml.isWhiteSpace()) {
                        into.find("CH17", parent.path, "must have no text between its elements");
                    }
                    continue;
                }
                Node child = namespace.equals(xml.getNamespaceURI()) ? parent.child(xml.getLocalName()) : null;
                if (child == null) {
                    if (!loose) {
                        into.find("CH17", parent.path + "/" + shown(xml.getLocalName()), "is not allowed here");
                    }
                    skip();
                    continue;
                }
                run = child.ordinal == last ? run + 1 : 1;
                occurrence(into, parent, child, last, run, seen);
                seen |= 1L << child.ordinal;
                last = Math.max(last, child.ordinal);
                element(into, child);
            }
            missing(into, parent, seen);
        }

        private static void occurrence(Draft into, Node parent, Node child, int last, int run, long seen) {
            switch (parent.shape) {
                case SEQUENCE -> {
                    if (run > child.max) {
                        into.find("CH17", child.path, "must be there at most " + child.max + " times");
                    } else if (child.ordinal < last) {
                        into.find("CH17", child.path, "is out of order: must stand before what it follows");
                    }
                }
                case CHOICE -> {
                    if (seen != 0) {
                        into.find("CH17", child.path, "must be the only one: its parent is a choice");
                    }
                }
                case LOOSE, LEAF -> {}
            }
        }

        private static void missing(Draft into, Node parent, long seen) {
            if (parent.shape == Node.Shape.CHOICE && seen == 0) {
                into.find("CH21", parent.path, "must have one element of its choice");
            } else if (parent.shape == Node.Shape.SEQUENCE) {
                for (Node child : parent.children) {
                    if (child.min > 0 && (seen & 1L << child.ordinal) == 0) {
                        String code = child.content == null ? "CH21" : child.content.code();
                        into.find(code.equals("CH16") ? "CH21" : code, child.path, "is missing");
                    }
                }
            }
        }

        private void element(Draft into, Node node) throws XMLStreamException {
            if (node.transaction) {
                into.transaction();
            }
            Content content = node.content;
            if (node.skipped()) {
                skip();
            } else if (content == null) {
                attributes(into, node.path, null);
                children(into, node);
            } else {
                String currency = attributes(into, node.path, content);
                String text = text(into, node);
                String value = content.value(text);
                String broken = content.broken(value);
                if (broken != null) {
                    into.find(content.code(), node.path, broken);
                } else if (node.field != null) {
                    into.keep(node.field, node.path, value);
                    if (currency != null) {
                        Field of = node.field == Field.AMOUNT ? Field.CURRENCY : Field.ORIGINAL_CURRENCY;
                        into.keep(of, node.path + "/@Ccy", currency);
                    }
                }
            }
        }

        /** Checks the attributes; gives the currency of an amount when it has the right form. */
        private @Nullable String attributes(Draft into, String path, @Nullable Content content) {
            boolean amount = content != null && content.kind() == Content.Kind.AMOUNT;
            String currency = null;
            boolean given = false;
            for (int i = 0; i < xml.getAttributeCount(); i++) {
                String uri = xml.getAttributeNamespace(i);
                String name = xml.getAttributeLocalName(i);
                boolean hint =
                        INSTANCE.equals(uri) && name.toLowerCase(Locale.ROOT).endsWith("schemalocation");
                if (amount && (uri == null || uri.isEmpty()) && name.equals("Ccy")) {
                    given = true;
                    String value = xml.getAttributeValue(i);
                    if (CURRENCY.broken(value) == null) {
                        currency = value;
                    }
                } else if (!hint) {
                    into.find("CH17", path + "/@" + shown(name), "is not allowed here");
                }
            }
            if (amount && currency == null) {
                into.find("AM11", path + "/@Ccy", given ? "must be three capital letters" : "is missing");
            }
            return currency;
        }

        private static final Content CURRENCY = Content.of("Currency", "AM11");

        private String text(Draft into, Node node) throws XMLStreamException {
            String text = "";
            for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
                switch (event) {
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        String more = xml.getText();
                        if (text.length() <= MAX_ATTRIBUTE) {
                            // Longer is wrong whatever follows; pieces between comments must not add up.
                            text = text.isEmpty() ? more : text + more;
                        }
                    }
                    case XMLStreamConstants.START_ELEMENT -> {
                        into.find("CH17", node.path + "/" + shown(xml.getLocalName()), "is not allowed here");
                        skip();
                    }
                    default -> {} // Comments and processing instructions.
                }
            }
            return text;
        }

        private void skip() throws XMLStreamException {
            for (int depth = 1; depth > 0; ) {
                switch (next()) {
                    case XMLStreamConstants.START_ELEMENT -> depth++;
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    default -> {}
                }
            }
        }

        private static String shown(String name) {
            return name.length() <= MAX_NAME_SHOWN ? name : name.substring(0, MAX_NAME_SHOWN);
        }
    }
}
