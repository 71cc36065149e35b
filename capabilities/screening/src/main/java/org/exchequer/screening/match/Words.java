package org.exchequer.screening.match;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words that mean something in names: written down here from general knowledge, one line a group. */
final class Words {
    private static final Map<String, String> PARTICLES = groups("""
            bin ben ibn bn
            bint bent
            al el ul
            ad ed ud ar ur ash esh ush az ez uz
            ould wuld wald
            abu abou abo
            de da do di du des del della dos das
            la le los las les
            van vande vanden
            von zu zur
            der den het ter
            y e i
            of
            and und et
            the
            for
            na
            ugli ogli oglu kyzy qizi
            """);
    private static final Map<String, String> TITLES = groups("""
            mr mister mrs ms miss madam madame mme herr frau hr sir lady lord dame
            dr doctor doktor prof professor dipl ing
            general gen colonel col lieutenant lt major maj captain capt brigadier admiral commander sgt
            president prasident minister ambassador senator governor
            haji hajji hajj haj hadji alhaj
            mullah mulla mawlawi maulavi moulavi maulawi mawlavi qari hafiz ustad
            sheikh shaikh shaykh cheikh sheik
            sayyid sayyed
            jr sr junior senior
            mv mt ms mts ss vessel
            """);
    private static final Set<String> DESCRIPTORS = set("""
            group groups groupe gruppe grupo grup holding holdings company companies co corp corporation enterprise
            enterprises trading trade commercial commerce international intl global general services service solutions
            solution industries industry industrial systems system technology technologies tech engineering
            construction development management investment investments capital partners partner financial finance bank
            banking fund trust foundation association organization organisation institute university center centre
            national state shipping marine maritime navigation airlines aviation air energy petroleum oil gas
            petrochemical chemical steel transport transportation logistics import export products production
            manufacturing factory mining resources real estate properties property insurance consulting limited
            establishment est brothers bros sons front movement party army brigade brigades committee council ministry
            department agency office bureau division branch network cooperative society union federation compania
            comercial comercializadora inversiones inmobiliaria agropecuaria constructora distribuidora servicios
            sociedad asociacion firma zavod kompaniya predpriyatie research science scientific defense defence
            military security medical health pharma pharmaceutical electronics electric power motor motors auto
            foods food agricultural agro farm textile travel tours tourism hotel restaurant media
            """);
    private static final Map<String, String> SAME = groups("""
            mohammed muhammad mohammad mohamed mohamad muhammed mohamud mohd \
            muhamad mehmet mehmed muhammet mohammod mhmd
            abdullah abdallah abdulla abdellah abdalla
            ahmed ahmad ahmet ahmmed akhmed
            hussein husayn hussain husain hossein husein huseyin hossain hussien
            hassan hasan hasson
            yusuf yousef youssef yousuf yusef yosef joseph josef jose giuseppe jozef
            ibrahim ebrahim abraham
            ali aly
            umar omar omer
            usama osama ussama
            said saeed saeid sayed
            qaeda qaida qaidah qaedah
            sergei sergey sergej serguei sergejs
            alexander aleksandr alexandr aleksander alexandre aleksandar oleksandr alexandros alyaksandr
            dmitry dmitri dmitriy dmitrij dmytro
            yuri yury yuriy juri jurij iouri
            nikolai nikolay nikolaj nikolaos nikolas nicholas nicolas
            mikhail michail michael
            vladimir wladimir uladzimir volodymyr
            yevgeny evgeny yevgeniy evgeniy evgenii eugene
            andrei andrey andrej andriy andrew
            alexei aleksei alexey aleksey oleksiy
            lee ri yi rhee i li
            park pak bak
            choe choi
            jong jung chung jeong chong
            kang gang
            yoon yun
            kim gim
            xi hsi
            zedong tsetung
            theodore theo teddy ted
            james jim jimmy
            brigade brigades
            organization organisation
            center centre
            defense defence
            united utd
            """);
    private static final Map<String, Set<String>> NICKNAMES = partners("""
            bob robert rob bobby
            bill william will billy liam
            dick richard rick ricky rich
            ted edward ed eddie ned
            ted theodore theo
            ben benjamin benny
            sam samuel sammy
            tom thomas tommy
            tim timothy
            mike michael mick
            dan daniel danny
            dave david davey
            joe joseph joey
            jack john johnny jon
            jim james jimmy jamie
            chris christopher
            alex alexander
            nick nicholas
            tony anthony antonio
            andy andrew drew
            steve stephen steven
            matt matthew
            greg gregory
            ken kenneth
            ron ronald
            ray raymond
            larry lawrence laurence
            fred frederick
            charlie charles chuck
            pete peter
            doug douglas
            jeff jeffrey geoffrey
            liz elizabeth beth betty
            kate katherine catherine kathy
            sue susan
            maggie margaret peggy
            pat patrick paddy
            pat patricia
            sasha alexander aleksandr
            volodya vladimir
            misha mikhail
            vanya ivan
            kolya nikolai
            seryozha sergei
            pepe jose
            paco francisco
            """);
    private static final Map<String, String> NUMBERS = numbers();
    private static final Map<String, String> ROMAN = roman();

    private Words() {}

    static boolean particle(String word) {
        return PARTICLES.containsKey(word);
    }

    static boolean title(String word) {
        return TITLES.containsKey(word);
    }

    static boolean descriptor(String word) {
        return DESCRIPTORS.contains(word);
    }

    /** The Arabic article, alone or assimilated: it falls away where words are joined. */
    static boolean article(String word) {
        String group = PARTICLES.get(word);
        return group != null && (group.equals("al") || group.equals("ad"));
    }

    /** Both are spellings of one name or particle. */
    static boolean same(String one, String other) {
        String group = SAME.get(one);
        if (group != null && group.equals(SAME.get(other))) {
            return true;
        }
        String particle = PARTICLES.get(one);
        if (particle != null && particle.equals(PARTICLES.get(other))) {
            return true;
        }
        return article(one) && article(other);
    }

    static boolean nickname(String one, String other) {
        return NICKNAMES.getOrDefault(one, Set.of()).contains(other);
    }

    /** One word for all spellings of it, or the word itself: how an index finds them. */
    static String canonical(String word) {
        return SAME.getOrDefault(word, word);
    }

    /** Digits of a number word, an ordinal or digits with an ordinal's ending; null of anything else. */
    static @Nullable String number(String word) {
        String known = NUMBERS.get(word);
        if (known != null) {
            return known;
        }
        char first = word.charAt(0);
        if (first < '0' || first > '9' || !word.matches("\\d{1,9}(st|nd|rd|th)?")) {
            return null;
        }
        return word.replaceAll("\\D", "").replaceFirst("^0+(?=.)", "");
    }

    /** 2 to 39 in Roman digits, only where they stand in a company's or ship's name; null of anything else. */
    static @Nullable String roman(String word) {
        return ROMAN.get(word);
    }

    private static Map<String, String> groups(String lines) {
        Map<String, String> groups = new HashMap<>();
        for (String line : lines.split("\n")) {
            String[] words = line.strip().split(" ");
            for (String word : words) {
                groups.putIfAbsent(word, words[0]);
            }
        }
        return Map.copyOf(groups);
    }

    private static Map<String, Set<String>> partners(String lines) {
        Map<String, Set<String>> partners = new HashMap<>();
        for (String line : lines.split("\n")) {
            List<String> words = List.of(line.strip().split(" "));
            words.forEach(word ->
                    partners.computeIfAbsent(word, each -> new HashSet<>()).addAll(words));
        }
        partners.replaceAll((word, others) -> Set.copyOf(others));
        return Map.copyOf(partners);
    }

    private static Set<String> set(String words) {
        return Set.copyOf(new HashSet<>(List.of(words.strip().split("\\s+"))));
    }

    private static Map<String, String> numbers() {
        String[] small =
                ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
                                + " sixteen seventeen eighteen nineteen")
                        .split(" ");
        String[] ordinal = ("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
                        + " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
                .split(" ");
        String[] tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
        Map<String, String> numbers = new HashMap<>();
        for (int i = 0; i < small.length; i++) {
            numbers.put(small[i], Integer.toString(i));
            numbers.put(ordinal[i], Integer.toString(i));
        }
        for (int i = 0; i < tens.length; i++) {
            numbers.put(tens[i], Integer.toString(20 + 10 * i));
        }
        numbers.put("fourty", "40");
        return Map.copyOf(numbers);
    }

    private static Map<String, String> roman() {
        String[] units = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
        String[] tens = {"", "x", "xx", "xxx"};
        Map<String, String> roman = new HashMap<>();
        for (int i = 2; i < 40; i++) {
            roman.put(tens[i / 10] + units[i % 10], Integer.toString(i));
        }
        return Map.copyOf(roman);
    }
}
