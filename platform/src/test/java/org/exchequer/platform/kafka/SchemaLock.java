package org.exchequer.platform.kafka;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a schema has promised: one line per field, enum value, reservation and method, kept in a file
 * beside the schema. The schema may grow, and then the file with it; what the file holds stays for ever.
 *
 * <pre>
 * field exchequer.ledger.v1.Entry 003 = minor_units int64
 * value exchequer.ledger.v1.Side 001 = SIDE_DEBIT
 * reserved exchequer.ledger.v1.Entry 007
 * rpc exchequer.ledger.v1.LedgerService/Execute = exchequer.ledger.v1.Command returns exchequer.ledger.v1.Outcome
 * </pre>
 */
public final class SchemaLock {
    private SchemaLock() {}

    /** The lines that describe a schema, in order. */
    public static List<String> describe(FileDescriptorProto file) {
        TreeMap<String, String> lines = new TreeMap<>();
        file.getMessageTypeList().forEach(message -> message(file.getPackage() + ".", message, lines));
        file.getEnumTypeList().forEach(type -> enumeration(file.getPackage() + ".", type, lines));
        file.getServiceList().forEach(service -> service(file.getPackage() + ".", service, lines));
        List<String> described = new ArrayList<>();
        lines.forEach((subject, promise) -> described.add(promise.isEmpty() ? subject : subject + " = " + promise));
        return described;
    }

    /**
     * The promises that a schema breaks, one line each for people; empty when it keeps all.
     *
     * @param locked the lines of the file
     * @param current {@link #describe} of the schema
     */
    public static List<String> broken(Collection<String> locked, Collection<String> current) {
        Map<String, String> now = bySubject(current);
        List<String> broken = new ArrayList<>();
        bySubject(locked).forEach((subject, promise) -> {
            String found = now.get(subject);
            if (found == null) {
                broken.add("removed: " + subject + (promise.isEmpty() ? "" : " = " + promise));
            } else if (!found.equals(promise)) {
                broken.add("changed: " + subject + " = " + promise + " is now " + found);
            }
        });
        now.keySet().stream()
                .filter(subject -> subject.startsWith("reserved "))
                .map(subject -> subject.substring("reserved ".length()))
                .filter(number -> now.containsKey("field " + number) || now.containsKey("value " + number))
                .forEach(number -> broken.add("reserved number in use: " + number));
        return broken;
    }

    /** Lines that the schema has and the file has not: to be added to the file. */
    public static List<String> added(Collection<String> locked, Collection<String> current) {
        TreeSet<String> added = new TreeSet<>(current);
        added.removeAll(locked);
        return List.copyOf(added);
    }

    private static void message(String scope, DescriptorProto message, Map<String, String> lines) {
        String name = scope + message.getName();
        lines.put("message " + name, "");
        for (FieldDescriptorProto field : message.getFieldList()) {
            lines.put("field " + name + " " + number(field.getNumber()), promise(message, field));
        }
        message.getReservedRangeList().forEach(range -> {
            for (int number = range.getStart(); number < range.getEnd(); number++) {
                lines.put("reserved " + name + " " + number(number), "");
            }
        });
        message.getReservedNameList().forEach(reserved -> lines.put("reserved " + name + " " + reserved, ""));
        message.getNestedTypeList().forEach(nested -> message(name + ".", nested, lines));
        message.getEnumTypeList().forEach(nested -> enumeration(name + ".", nested, lines));
    }

    private static void service(String scope, ServiceDescriptorProto service, Map<String, String> lines) {
        for (MethodDescriptorProto method : service.getMethodList()) {
            lines.put(
                    "rpc " + scope + service.getName() + "/" + method.getName(),
                    (method.getClientStreaming() ? "stream " : "")
                            + method.getInputType().substring(1)
                            + " returns "
                            + (method.getServerStreaming() ? "stream " : "")
                            + method.getOutputType().substring(1));
        }
    }

    private static void enumeration(String scope, EnumDescriptorProto type, Map<String, String> lines) {
        String name = scope + type.getName();
        lines.put("enum " + name, "");
        type.getValueList()
                .forEach(value -> lines.put("value " + name + " " + number(value.getNumber()), value.getName()));
        type.getReservedRangeList().forEach(range -> {
            // Of enums, unlike messages, the end is part of the range.
            for (int number = range.getStart(); number <= range.getEnd(); number++) {
                lines.put("reserved " + name + " " + number(number), "");
            }
        });
        type.getReservedNameList().forEach(reserved -> lines.put("reserved " + name + " " + reserved, ""));
    }

    private static String promise(DescriptorProto message, FieldDescriptorProto field) {
        String type = field.getTypeName().isEmpty()
                ? field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT)
                : field.getTypeName().substring(1);
        String label = label(message, field);
        return field.getName() + (label == null ? "" : " " + label) + " " + type;
    }

    private static @Nullable String label(DescriptorProto message, FieldDescriptorProto field) {
        if (field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED) {
            return "repeated";
        }
        if (field.getProto3Optional()) {
            return "optional";
        }
        return field.hasOneofIndex()
                ? "oneof " + message.getOneofDecl(field.getOneofIndex()).getName()
                : null;
    }

    /** In a width that sorts as numbers do. */
    private static String number(int number) {
        return "%03d".formatted(number);
    }

    private static Map<String, String> bySubject(Collection<String> lines) {
        Map<String, String> bySubject = new TreeMap<>();
        for (String line : lines) {
            int equals = line.indexOf(" = ");
            bySubject.put(
                    equals < 0 ? line : line.substring(0, equals),
                    equals < 0 ? "" : line.substring(equals + " = ".length()));
        }
        return bySubject;
    }
}
