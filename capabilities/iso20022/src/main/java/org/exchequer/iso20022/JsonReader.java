package org.exchequer.iso20022;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON form of a message: one flat object whose members are named in {@code
 * docs/reference/inward-messages.md}. The rules, codes and result are those of {@link MessageReader}; a path is {@code
 * /amount}.
 */
public final class JsonReader {
    /** The replacement character. */
    private static final int REPLACED = 0xFFFD;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Map<String, Field> BY_NAME = new HashMap<>();
    private static final Map<Field, Content> CONTENT = new EnumMap<>(Field.class);

    static {
        for (Field field : Field.values()) {
            BY_NAME.put(field.json(), field);
            CONTENT.put(field, content(field));
        }
    }

    private final JsonFactory factory = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxStringLength(4096)
                    .maxNameLength(256)
                    .maxNumberLength(32)
                    .build())
            .build();

    /** Reads one message; never throws for what its bytes are. */
    public Reading read(byte[] message) {
        if (message.length > MessageReader.MAX_BYTES) {
            return unreadable("/", "is larger than " + MessageReader.MAX_BYTES + " bytes");
        }
        String text = text(message);
        if (text == null) {
            return unreadable("/", "must be UTF-8");
        }
        Map<String, Member> members = new LinkedHashMap<>();
        try (JsonParser json = factory.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return unreadable("/", "must be a JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                boolean scalar = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT;
                Member member = new Member(scalar ? json.getString() : null, token == JsonToken.VALUE_STRING);
                if (token != JsonToken.VALUE_NULL && members.put(name, member) != null) {
                    return unreadable("/", "has a member twice");
                }
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                return unreadable("/", "must be one JSON object");
            }
        } catch (JacksonException malformed) {
            return unreadable("/", "is no JSON");
        }
        return message(members);
    }

    /**
     * Null for what is no UTF-8: a parser of bytes takes some of that, such as a character in more bytes than it needs,
     * of which others read something else.
     */
    private static @Nullable String text(byte[] message) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    /** A member's text, null when it is neither string nor whole number, and whether it was a string. */
    private record Member(@Nullable String text, boolean string) {}

    private static Reading message(Map<String, Member> members) {
        MessageType type = type(members.remove("messageType"));
        if (type == null) {
            return unreadable("/messageType", "must be one of PACS_008, PACS_003, PACS_007, CAMT_056");
        }
        Member said = members.remove("messageVersion");
        String version = said == null ? type.version(type.newest()) : said.text();
        if (version == null || MessageType.of(version).orElse(null) != type) {
            return unreadable("/messageVersion", "must be a version that is read, such as " + type.version(8));
        }
        Draft draft = new Draft(type, version);
        draft.transaction();
        members.forEach((name, member) -> member(draft, name, member));
        for (Field field : mandatory(type)) {
            if (!members.containsKey(field.json())) {
                String code = contentOf(field).code();
                draft.find(code.equals("CH16") ? "CH21" : code, "/" + field.json(), "is missing");
            }
        }
        oneOf(draft, members, Field.DEBTOR_IBAN, Field.DEBTOR_ACCOUNT);
        oneOf(draft, members, Field.CREDITOR_IBAN, Field.CREDITOR_ACCOUNT);
        together(draft, members, Field.AMOUNT, Field.CURRENCY);
        together(draft, members, Field.ORIGINAL_AMOUNT, Field.ORIGINAL_CURRENCY);
        return draft.finish("/");
    }

    private static void together(Draft draft, Map<String, Member> members, Field amount, Field currency) {
        if (members.containsKey(amount.json()) && !members.containsKey(currency.json())) {
            draft.find("AM11", "/" + currency.json(), "is missing");
        }
    }

    /** A choice of the schema: which of two accounts is meant nobody can say. */
    private static void oneOf(Draft draft, Map<String, Member> members, Field one, Field other) {
        if (members.containsKey(one.json()) && members.containsKey(other.json())) {
            draft.find("CH17", "/" + other.json(), "must not be there beside /" + one.json());
        }
    }

    private static void member(Draft draft, String name, Member member) {
        Field field = BY_NAME.get(name);
        if (field == null) {
            draft.find("CH17", "/" + shown(name), "is not allowed here");
            return;
        }
        Content content = contentOf(field);
        String text = member.text();
        if (text == null || (!member.string() && field != Field.TRANSACTIONS)) {
            draft.find(content.code(), "/" + name, "must be a JSON string");
            return;
        }
        String broken = content.broken(text);
        // XML Schema allows it; but here it is what is left of an amount that was cut off.
        if (broken == null
                && content.kind() == Content.Kind.AMOUNT
                && text.stripTrailing().endsWith(".")) {
            broken = "must not end with its point";
        }
        if (broken == null) {
            draft.keep(field, "/" + name, text);
        } else {
            draft.find(content.code(), "/" + name, broken);
        }
    }

    /** Of a name that somebody made up, what can be told: an answer is XML, and no longer than need be. */
    private static String shown(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints().limit(64).map(c -> Content.isXml(c) ? c : REPLACED).forEach(text::appendCodePoint);
        return text.toString();
    }

    private static Content contentOf(Field field) {
        return requireNonNull(CONTENT.get(field));
    }

    private static @Nullable MessageType type(@Nullable Member said) {
        for (MessageType type : MessageType.values()) {
            if (said != null && type.name().equals(said.text())) {
                return type;
            }
        }
        return null;
    }

    private static Set<Field> mandatory(MessageType type) {
        return switch (type) {
            case PACS_008, PACS_003 ->
                EnumSet.of(Field.MESSAGE_ID, Field.CREATED, Field.END_TO_END_ID, Field.AMOUNT, Field.SETTLEMENT_METHOD);
            case PACS_007 -> EnumSet.of(Field.MESSAGE_ID, Field.CREATED, Field.AMOUNT, Field.SETTLEMENT_METHOD);
            case CAMT_056 -> EnumSet.of(Field.MESSAGE_ID, Field.CREATED);
        };
    }

    private static Content content(Field field) {
        return switch (field) {
            case CREATED -> Content.of("DateTime", "DT02");
            case ACCEPTED -> Content.of("DateTime", null);
            case TRANSACTIONS -> Content.of("Num15", null);
            case SETTLEMENT_METHOD -> Content.of("=INDA,INGA,COVE,CLRG", null);
            case PRIORITY -> Content.of("=HIGH,NORMAL,LOW", null);
            case LOCAL_INSTRUMENT -> Content.of("T35", "FF05");
            case END_TO_END_ID -> Content.of("T35", "FF08");
            case UETR, ORIGINAL_UETR -> Content.of("Uuid", null);
            case AMOUNT, ORIGINAL_AMOUNT -> Content.of("Amount", null);
            case CURRENCY, ORIGINAL_CURRENCY -> Content.of("Currency", "AM11");
            case SETTLEMENT_DATE, DEBTOR_BIRTH, CREDITOR_BIRTH -> Content.of("Date", null);
            case INSTRUCTING_BIC, INSTRUCTED_BIC, DEBTOR_AGENT, CREDITOR_AGENT -> Content.of("Bic", null);
            case DEBTOR_NAME, CREDITOR_NAME -> Content.of("T140", null);
            case DEBTOR_IBAN, CREDITOR_IBAN -> Content.of("Iban", null);
            case DEBTOR_ACCOUNT, CREDITOR_ACCOUNT -> Content.of("T34", "AC01");
            case DEBTOR_RESIDENCE, DEBTOR_ADDRESS_COUNTRY, CREDITOR_RESIDENCE, CREDITOR_ADDRESS_COUNTRY ->
                Content.of("Country", null);
            case PURPOSE -> Content.of("T35", "FF07");
            case REMITTANCE, REASON_TEXT -> Content.of("T1024", null);
            case MESSAGE_ID,
                    INSTRUCTION_ID,
                    TRANSACTION_ID,
                    ORIGINAL_MESSAGE_ID,
                    ORIGINAL_MESSAGE_TYPE,
                    ORIGINAL_INSTRUCTION_ID,
                    ORIGINAL_END_TO_END_ID,
                    ORIGINAL_TRANSACTION_ID,
                    REASON -> Content.of("T35", null);
        };
    }

    private static Reading unreadable(String path, String rule) {
        return new Reading.Unreadable(new Finding("FF01", path, rule));
    }
}
