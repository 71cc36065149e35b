package org.exchequer.screening.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Legal forms of companies in many languages, to classes that compare: who may say GmbH in German says Ltd in English.
 */
final class CompanyForms {
    private static final int LONGEST = 7;
    private static final Map<String, String> CLASSES = classes("""
            LLC: limited liability company;limited liability co;limited liability;llc;l l c;ooo;o o o;tov;too;ooc
            LLC: obshchestvo s ogranichennoy otvetstvennostyu;obshchestvo s ogranichennoi otvetstvennostyu
            LLC: obshestvo s ogranichennoj otvetstvennostu;gmbh;g m b h;gesellschaft mit beschrankter haftung
            LLC: srl;s r l
            LLC: societatea cu raspundere limitata;societate cu raspundere limitata
            LLC: sociedad de responsabilidad limitada
            LLC: societa a responsabilita limitata;sarl;s a r l;s de r l;s de r l de c v;sp z oo;sp z o o;doo;d o o
            LLC: eood;ood;bv;b v;bvba;b v b a;kft;sro;s r o;aps;oy;sl;s l;ltda;limitada;sdn bhd;pte ltd;pty ltd
            LLC: fze;fzc
            LLC: fzco;fz llc;fzllc;private limited;pvt ltd;pvt limited;private ltd;ltd;limited;lmtd;lda;ltd sti
            LLC: limited sirketi
            JSC: joint stock company;joint stock co;joint stock;jsc;j s c;ojsc;pjsc;cjsc;zao;oao;pao;ao
            JSC: open joint stock company
            JSC: public joint stock company;closed joint stock company;private joint stock company
            JSC: otkrytoe aktsionernoe obshchestvo
            JSC: publichnoe aktsionernoe obshchestvo;aktsionernoe obshchestvo;ag;aktiengesellschaft
            JSC: aktiengeselschaft;sa;s a;s p a;spa
            JSC: societe anonyme;sociedad anonima;societa per azioni;nv;n v;naamloze vennootschap;a s;asa;ab
            JSC: aktiebolag;oyj;plc;p l c
            JSC: public limited company;sa de cv;s a de c v;sab de cv;s a b de c v;kk;kabushiki kaisha;tbk;pt
            JSC: p t;se;sae;s a e;saog;saoc
            JSC: sal;s a l;s a s;anonim sirketi;as;joint stock compan;aktieselskab;qsc;psc;bhd;berhad
            CORP: corporation;corp;incorporated;inc;co ltd;company limited;company ltd;co limited;corporation limited
            CORP: co;company;corporation joint stock company;compagnie;cia;compania
            LP: limited partnership;lp;l p;llp;l l p;kg;gmbh and co kg;gmbh co kg;limited liability partnership
            LP: lllp;sca
            """);

    private CompanyForms() {}

    /** A form found in a name. */
    record Found(String form, int words) {}

    /** The longest form that begins at this word, or one of no words. */
    static Found at(List<String> words, int start) {
        for (int length = Math.min(LONGEST, words.size() - start); length > 0; length--) {
            String form = CLASSES.get(String.join(" ", words.subList(start, start + length)));
            if (form != null) {
                return new Found(form, length);
            }
        }
        return new Found("", 0);
    }

    private static Map<String, String> classes(String lines) {
        Map<String, String> classes = new HashMap<>();
        List<String> tooLong = new ArrayList<>();
        for (String line : lines.split("\n")) {
            int colon = line.indexOf(':');
            for (String form : line.substring(colon + 1).split(";")) {
                String words = form.strip();
                if (words.split(" ").length > LONGEST) {
                    tooLong.add(words);
                }
                classes.putIfAbsent(words, line.substring(0, colon).strip());
            }
        }
        if (!tooLong.isEmpty()) {
            throw new IllegalStateException("forms of more than " + LONGEST + " words: " + tooLong);
        }
        return Map.copyOf(classes);
    }
}
