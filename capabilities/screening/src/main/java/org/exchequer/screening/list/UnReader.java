package org.exchequer.screening.list;

import java.io.ByteArrayInputStream;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.exchequer.screening.DateRange;
import org.exchequer.screening.Identifier;
import org.exchequer.screening.ListedName.Kind;
import org.exchequer.screening.ListedParty;
import org.exchequer.screening.PartyType;
import org.exchequer.screening.SanctionsList;
import org.jspecify.annotations.Nullable;

/**
 * The consolidated list of the UN Security Council, XML as published (sc-sanctions.xsd). A document type declaration is
 * refused, so there are no entities to expand and nothing is fetched; depth, parties and text are bounded.
 */
public final class UnReader {
    private static final int MOST_DEPTH = 12;
    private static final List<String> NAME_PARTS =
            List.of("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "FIFTH_NAME", "SIXTH_NAME");

    private final String source;
    private final XMLStreamReader xml;
    private @Nullable LocalDate published;

    private UnReader(String source, XMLStreamReader xml) {
        this.source = source;
        this.xml = xml;
    }

    /**
     * @param source the name of the list, for example {@code UN}
     * @throws ListFormatException if it is not well-formed, has a document type, or passes a bound
     */
    public static SanctionsList read(String source, byte[] bytes) throws ListFormatException {
        Published.checkSize(source, bytes);
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(bytes));
            UnReader reader = new UnReader(source, xml);
            List<ListedParty> parties = reader.parties();
            return Published.list(source, reader.published, List.of(bytes), parties);
        } catch (XMLStreamException e) {
            String where = e.getLocation() == null
                    ? "whole file"
                    : "line " + e.getLocation().getLineNumber();
            throw new ListFormatException(source, where, "is not well-formed XML", e);
        }
    }

    private List<ListedParty> parties() throws XMLStreamException, ListFormatException {
        List<ListedParty> parties = new ArrayList<>();
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.DTD) {
                throw new ListFormatException(source, "line " + line(), "a document type declaration is refused");
            }
            if (event != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "CONSOLIDATED_LIST" -> published = generated();
                case "INDIVIDUALS", "ENTITIES" -> {}
                case "INDIVIDUAL" -> parties.add(party(element(), PartyType.PERSON));
                case "ENTITY" -> parties.add(party(element(), PartyType.ENTITY));
                default -> throw new ListFormatException(source, "line " + line(), "unknown element");
            }
            if (parties.size() > Published.MOST_PARTIES) {
                throw new ListFormatException(source, "whole file", "at most " + Published.MOST_PARTIES + " parties");
            }
        }
        return parties;
    }

    private int line() {
        return xml.getLocation().getLineNumber();
    }

    private @Nullable LocalDate generated() {
        String at = xml.getAttributeValue(null, "dateGenerated");
        DateRange day = at == null || at.length() < 10 ? null : Dates.parse(at.substring(0, 10));
        return day == null ? null : day.from();
    }

    /** One party's element as a small tree: text by name, and children by name, in the order they stand. */
    private record Node(StringBuilder text, Map<String, List<Node>> children) {
        Node() {
            this(new StringBuilder(), new LinkedHashMap<>());
        }

        List<Node> all(String name) {
            return children.getOrDefault(name, List.of());
        }

        String get(String name) {
            List<Node> found = all(name);
            return found.isEmpty() ? "" : found.getFirst().value();
        }

        String value() {
            return text.toString().strip();
        }
    }

    private Node element() throws XMLStreamException, ListFormatException {
        Deque<Node> open = new ArrayDeque<>();
        Node root = new Node();
        open.push(root);
        int chars = 0;
        while (!open.isEmpty()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (open.size() == MOST_DEPTH) {
                        throw new ListFormatException(source, "line " + line(), "deeper than " + MOST_DEPTH);
                    }
                    Node child = new Node();
                    open.element()
                            .children()
                            .computeIfAbsent(xml.getLocalName(), name -> new ArrayList<>())
                            .add(child);
                    open.push(child);
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    chars += xml.getTextLength();
                    if (chars > Published.MOST_FIELD_CHARS) {
                        throw new ListFormatException(source, "line " + line(), "a party's text is too long");
                    }
                    open.element().text().append(xml.getText());
                }
                default -> {}
            }
        }
        return root;
    }

    private ListedParty party(Node node, PartyType type) throws ListFormatException {
        String id = node.get("REFERENCE_NUMBER");
        if (id.isEmpty()) {
            throw new ListFormatException(source, "line " + line(), "a party needs a REFERENCE_NUMBER");
        }
        String prefix = type == PartyType.PERSON ? "INDIVIDUAL_" : "ENTITY_";
        PartyDraft draft = new PartyDraft(source, id, type);
        draft.name(String.join(" ", NAME_PARTS.stream().map(node::get).toList()), Kind.PRIMARY);
        draft.name(node.get("NAME_ORIGINAL_SCRIPT"), Kind.ORIGINAL_SCRIPT);
        for (Node alias : node.all(prefix + "ALIAS")) {
            alias(draft, alias);
        }
        draft.programs.add(node.get("UN_LIST_TYPE"));
        draft.gender = OfacReader.gender(node.get("GENDER"));
        for (Node nationality : node.all("NATIONALITY")) {
            nationality.all("VALUE").forEach(value -> draft.country(value.value()));
        }
        for (Node birth : node.all(prefix + "DATE_OF_BIRTH")) {
            birth(draft, birth);
        }
        node.all(prefix + "PLACE_OF_BIRTH").forEach(place -> draft.country(place.get("COUNTRY")));
        for (Node address : node.all(prefix + "ADDRESS")) {
            draft.country(address.get("COUNTRY"));
            draft.addressOf(List.of(
                    address.get("STREET"),
                    address.get("CITY"),
                    address.get("STATE_PROVINCE"),
                    address.get("ZIP_CODE"),
                    address.get("COUNTRY")));
        }
        for (Node document : node.all(prefix + "DOCUMENT")) {
            if (!document.get("NUMBER").isEmpty()) {
                draft.identifiers.add(new Identifier(document.get("TYPE_OF_DOCUMENT"), document.get("NUMBER")));
            }
        }
        return draft.party();
    }

    /** One alias element of the UN may hold several, with semicolons between. */
    private static void alias(PartyDraft draft, Node alias) throws ListFormatException {
        Kind kind = switch (alias.get("QUALITY")) {
            case "Low" -> Kind.WEAK_ALIAS;
            case "f.k.a." -> Kind.FORMER_OR_NEW;
            default -> Kind.STRONG_ALIAS;
        };
        for (String name : alias.get("ALIAS_NAME").split(";")) {
            draft.name(name, kind);
        }
        DateRange birth = Dates.parse(alias.get("DATE_OF_BIRTH"));
        if (birth != null) {
            draft.births.add(birth);
        }
        draft.country(alias.get("COUNTRY_OF_BIRTH"));
    }

    private static void birth(PartyDraft draft, Node birth) {
        DateRange range = Dates.parse(birth.get("DATE"));
        if (range == null) {
            range = Dates.parse(birth.get("YEAR"));
        }
        DateRange from = Dates.parse(birth.get("FROM_YEAR"));
        DateRange to = Dates.parse(birth.get("TO_YEAR"));
        if (range == null && from != null && to != null && !to.to().isBefore(from.from())) {
            range = from.to(to);
        }
        if (range != null) {
            draft.births.add(birth.get("TYPE_OF_DATE").equals("APPROXIMATELY") ? range.circa() : range);
        }
    }
}
