/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "export-fixture.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

/* 2026-11-20 09:30 UTC */
#define START_US (G_GINT64_CONSTANT (1795167000) * G_USEC_PER_SEC)
#define MINUTES_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

#define ENGLISH                                                                                    \
  [BED_WORD_TITLE] = "Clinical note", [BED_WORD_PATIENT] = "Patient",                              \
  [BED_WORD_BIRTH_DATE] = "Born", [BED_WORD_IDENTIFIER] = "Identifier",                            \
  [BED_WORD_TELEPHONE] = "Telephone", [BED_WORD_NOW] = "In the record now",                        \
  [BED_WORD_ASSIGNED_LATER] = "assigned after the signature, not signed",                          \
  [BED_WORD_CLINICIAN] = "Clinician",                                                              \
  [BED_WORD_CONSULTATION] = "Video consultation", [BED_WORD_STARTED] = "Started",                  \
  [BED_WORD_ENDED] = "Ended", [BED_WORD_DURATION] = "Length", [BED_WORD_MINUTES] = "{n} min",      \
  [BED_WORD_PARTICIPANTS] = "Took part", [BED_WORD_PLACE] = "Patient’s place",                     \
  [BED_WORD_ENCRYPTION] = "Encryption",                                                            \
  [BED_WORD_MATCHED] = "End to end; the words were compared and matched",                          \
  [BED_WORD_NOT_CHECKED] = "End to end; the words were not compared",                              \
  [BED_WORD_DIFFERED] = "The words were compared and differed", [BED_WORD_PATH] = "Path",          \
  [BED_WORD_DIRECT] = "Direct", [BED_WORD_RELAYED] = "Through the clinic’s relay",                 \
  [BED_WORD_CONSENT] = "Consent",                                                                  \
  [BED_WORD_CONSENT_GIVEN] = "Given on {time}, text {version} ({language})",                       \
  [BED_WORD_CONSENT_UNKNOWN] = "the text was not known as one of the clinic’s",                    \
  [BED_WORD_CAMERA] = "camera", [BED_WORD_MICROPHONE] = "microphone",                              \
  [BED_WORD_SUBJECTIVE] = "Subjective", [BED_WORD_OBJECTIVE] = "Objective",                        \
  [BED_WORD_ASSESSMENT] = "Assessment", [BED_WORD_PLAN] = "Plan",                                  \
  [BED_WORD_EMPTY] = "Nothing was written.", [BED_WORD_DRAFT] = "Draft – not signed",              \
  [BED_WORD_DRAFT_MARK] = "DRAFT", [BED_WORD_SIGNATURE] = "Signature",                             \
  [BED_WORD_SIGNED_BY] = "Signed by {name}", [BED_WORD_SIGNED_ON] = "on {time}",                   \
  [BED_WORD_KEY] = "Key", [BED_WORD_VERIFIED] = "The signature was checked and fits this text.",   \
  [BED_WORD_NOT_VERIFIED] = "The signature does not fit this text.",                               \
  [BED_WORD_AMENDED] = "Amended after signing", [BED_WORD_ADDENDUM] = "Addendum {n}",              \
  [BED_WORD_REASON] = "Reason", [BED_WORD_VERSIONS] = "Versions",                                  \
  [BED_WORD_VERSION] = "Version {n}", [BED_WORD_ATTACHMENTS] = "Attachments",                      \
  [BED_WORD_ADDED_LATER] = "added after the signature, not signed",                                \
  [BED_WORD_CHAT] = "Chat kept with this note", [BED_WORD_PAGE] = "Page {page} of {pages}",        \
  [BED_WORD_MADE_ON] = "Made on {time}", [BED_WORD_DATE_FORMAT] = "%-d %B %Y",                     \
  [BED_WORD_DATE_TIME_FORMAT] = "%-d %B %Y, %H:%M %Z", [BED_WORD_TIME_FORMAT] = "%H:%M"

const BedHandoverWords export_words_english = { .language = "en", .words = { ENGLISH } };

static const BedHandoverWords words_german = {
  .language = "de",
  .words = {
    [BED_WORD_TITLE] = "Behandlungsnotiz", [BED_WORD_PATIENT] = "Patientin oder Patient",
    [BED_WORD_BIRTH_DATE] = "Geboren", [BED_WORD_IDENTIFIER] = "Kennung",
    [BED_WORD_TELEPHONE] = "Telefon", [BED_WORD_NOW] = "Jetzt in der Akte",
    [BED_WORD_ASSIGNED_LATER] = "nach der Unterschrift zugeordnet, nicht unterschrieben",
    [BED_WORD_CLINICIAN] = "Behandelnde Person",
    [BED_WORD_CONSULTATION] = "Videosprechstunde", [BED_WORD_STARTED] = "Beginn",
    [BED_WORD_ENDED] = "Ende", [BED_WORD_DURATION] = "Dauer", [BED_WORD_MINUTES] = "{n} Min.",
    [BED_WORD_PARTICIPANTS] = "Teilgenommen haben", [BED_WORD_PLACE] = "Aufenthaltsort",
    [BED_WORD_ENCRYPTION] = "Verschlüsselung",
    [BED_WORD_MATCHED] = "Ende zu Ende; die Wörter wurden verglichen und stimmten überein",
    [BED_WORD_NOT_CHECKED] = "Ende zu Ende; die Wörter wurden nicht verglichen",
    [BED_WORD_DIFFERED] = "Die Wörter wurden verglichen und waren verschieden",
    [BED_WORD_PATH] = "Verbindung", [BED_WORD_DIRECT] = "Direkt",
    [BED_WORD_RELAYED] = "Über die Vermittlung der Praxis", [BED_WORD_CONSENT] = "Einwilligung",
    [BED_WORD_CONSENT_GIVEN] = "Erteilt am {time}, Text {version} ({language})",
    [BED_WORD_CONSENT_UNKNOWN] = "der Text war nicht als einer der Praxis bekannt",
    [BED_WORD_CAMERA] = "Kamera", [BED_WORD_MICROPHONE] = "Mikrofon",
    [BED_WORD_SUBJECTIVE] = "Subjektiv", [BED_WORD_OBJECTIVE] = "Objektiv",
    [BED_WORD_ASSESSMENT] = "Beurteilung", [BED_WORD_PLAN] = "Plan",
    [BED_WORD_EMPTY] = "Es wurde nichts geschrieben.",
    [BED_WORD_DRAFT] = "Entwurf – nicht unterschrieben", [BED_WORD_DRAFT_MARK] = "ENTWURF",
    [BED_WORD_SIGNATURE] = "Unterschrift", [BED_WORD_SIGNED_BY] = "Unterschrieben von {name}",
    [BED_WORD_SIGNED_ON] = "am {time}", [BED_WORD_KEY] = "Schlüssel",
    [BED_WORD_VERIFIED] = "Die Unterschrift wurde geprüft und passt zu diesem Text.",
    [BED_WORD_NOT_VERIFIED] = "Die Unterschrift passt nicht zu diesem Text.",
    [BED_WORD_AMENDED] = "Nach der Unterschrift ergänzt", [BED_WORD_ADDENDUM] = "Nachtrag {n}",
    [BED_WORD_REASON] = "Grund", [BED_WORD_VERSIONS] = "Fassungen",
    [BED_WORD_VERSION] = "Fassung {n}", [BED_WORD_ATTACHMENTS] = "Anhänge",
    [BED_WORD_ADDED_LATER] = "nach der Unterschrift hinzugefügt, nicht unterschrieben",
    [BED_WORD_CHAT] = "Zu dieser Notiz aufbewahrter Chat",
    [BED_WORD_PAGE] = "Seite {page} von {pages}", [BED_WORD_MADE_ON] = "Erstellt am {time}",
    [BED_WORD_DATE_FORMAT] = "%d.%m.%Y", [BED_WORD_DATE_TIME_FORMAT] = "%d.%m.%Y, %H:%M %Z",
    [BED_WORD_TIME_FORMAT] = "%H:%M" },
};

static const BedHandoverWords words_arabic = {
  .language = "ar",
  .right_to_left = TRUE,
  .words = {
    [BED_WORD_NOT_CHECKED] = "من طرف إلى طرف؛ لم تُقارن الكلمات",
    [BED_WORD_DIFFERED] = "قورنت الكلمات واختلفت", [BED_WORD_RELAYED] = "عبر خادم العيادة",
    [BED_WORD_EMPTY] = "لم يُكتب شيء.", [BED_WORD_DRAFT] = "مسودة – غير موقّعة",
    [BED_WORD_DRAFT_MARK] = "مسودة", [BED_WORD_NOT_VERIFIED] = "التوقيع لا يطابق هذا النص.",
    [BED_WORD_AMENDED] = "أضيف إليها بعد التوقيع", [BED_WORD_ADDENDUM] = "ملحق {n}",
    [BED_WORD_REASON] = "السبب", [BED_WORD_VERSIONS] = "النسخ", [BED_WORD_VERSION] = "النسخة {n}",
    [BED_WORD_ATTACHMENTS] = "المرفقات", [BED_WORD_ADDED_LATER] = "أضيف بعد التوقيع، غير موقّع",
    [BED_WORD_CHAT] = "المحادثة المحفوظة",
    [BED_WORD_TIME_FORMAT] = "%H:%M", [BED_WORD_TITLE] = "ملاحظة سريرية", [BED_WORD_PATIENT] = "المريض",
    [BED_WORD_BIRTH_DATE] = "تاريخ الميلاد", [BED_WORD_IDENTIFIER] = "المعرّف",
    [BED_WORD_TELEPHONE] = "الهاتف", [BED_WORD_NOW] = "في السجل الآن",
    [BED_WORD_ASSIGNED_LATER] = "أُسند بعد التوقيع، غير موقّع", [BED_WORD_CLINICIAN] = "الطبيب",
    [BED_WORD_CONSULTATION] = "استشارة بالفيديو", [BED_WORD_STARTED] = "البداية",
    [BED_WORD_ENDED] = "النهاية", [BED_WORD_DURATION] = "المدة", [BED_WORD_MINUTES] = "{n} دقيقة",
    [BED_WORD_PARTICIPANTS] = "المشاركون", [BED_WORD_PLACE] = "مكان المريض",
    [BED_WORD_ENCRYPTION] = "التشفير", [BED_WORD_MATCHED] = "من طرف إلى طرف؛ تمت مقارنة الكلمات وتطابقت",
    [BED_WORD_PATH] = "المسار", [BED_WORD_DIRECT] = "مباشر", [BED_WORD_CONSENT] = "الموافقة",
    [BED_WORD_CONSENT_GIVEN] = "أُعطيت في {time}، النص {version} ({language})",
    [BED_WORD_CONSENT_UNKNOWN] = "لم يُعرف النص كأحد نصوص العيادة",
    [BED_WORD_CAMERA] = "الكاميرا", [BED_WORD_MICROPHONE] = "الميكروفون",
    [BED_WORD_SUBJECTIVE] = "الشكوى", [BED_WORD_OBJECTIVE] = "الفحص",
    [BED_WORD_ASSESSMENT] = "التقييم", [BED_WORD_PLAN] = "الخطة", [BED_WORD_SIGNATURE] = "التوقيع",
    [BED_WORD_SIGNED_BY] = "وقّعه {name}", [BED_WORD_SIGNED_ON] = "في {time}",
    [BED_WORD_KEY] = "المفتاح", [BED_WORD_VERIFIED] = "تم التحقق من التوقيع وهو مطابق لهذا النص.",
    [BED_WORD_PAGE] = "صفحة {page} من {pages}", [BED_WORD_MADE_ON] = "أُعدّت في {time}",
    [BED_WORD_DATE_FORMAT] = "%Y-%m-%d", [BED_WORD_DATE_TIME_FORMAT] = "%Y-%m-%d %H:%M %Z" },
};

/* --- Parts ------------------------------------------------------------------------------------ */

/* Real signatures over `text`, from a key that follows from `seed`. */
static BedHandoverSignature *
sign (guint8 seed, const char *signer, gint64 real_us, const char *text, gboolean verified)
{
  guint8 seeds[crypto_sign_SEEDBYTES], key[crypto_sign_PUBLICKEYBYTES];
  guint8 secret[crypto_sign_SECRETKEYBYTES], signature[crypto_sign_BYTES];
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  memset (seeds, seed, sizeof seeds);
  g_assert_cmpint (sodium_init (), >=, 0);
  crypto_sign_seed_keypair (key, secret, seeds);
  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text), secret);
  return bed_handover_signature_new (signer, real_us, key, signature, bytes, verified);
}

static void
add_consent (BedHandover *note, const char *language)
{
  static const guint8 hash[BED_CONSENT_TEXT_HASH_LENGTH] = { 1, 2, 3, 4 };

  g_ptr_array_add (note->consents,
                   bed_patient_consent_new ("telehealth-2", hash, sizeof hash, language,
                                            START_US - 5 * MINUTES_US, TRUE, TRUE));
}

static BedHandover *
base (const BedHandoverWords *words)
{
  BedHandover *note = bed_handover_new ();

  bed_handover_set (&note->uuid, "6f1c1c5e-0d2a-4f53-9d6e-0a4c5a1b2c01");
  note->created_us = START_US + 2 * MINUTES_US;
  note->updated_us = START_US + 18 * MINUTES_US + 250000;
  note->made_us = START_US + 24 * 60 * MINUTES_US;
  bed_handover_set (&note->patient.uuid, "6f1c1c5e-0d2a-4f53-9d6e-0a4c5a1b2c02");
  bed_handover_set (&note->patient.name, "Anna Vogel");
  bed_handover_set (&note->patient.birth_date, "1948-03-09");
  bed_handover_set (&note->patient.telephone, "+49 30 5550100");
  bed_handover_set (&note->patient.language, words->language);
  bed_handover_set (&note->patient.identifiers, "https://clinic.example/patients|M-10482\n");
  bed_handover_set (&note->author.account, "dr-weber");
  bed_handover_set (&note->author.name, "Dr. Maria Weber");
  bed_handover_set (&note->author.clinic, "Riverside Family Practice");
  bed_handover_set (&note->author.clinic_telephone, "+49 30 5550199");
  bed_handover_set (&note->encounter.uuid, "6f1c1c5e-0d2a-4f53-9d6e-0a4c5a1b2c03");
  note->encounter.state = BED_ENCOUNTER_FINISHED;
  note->encounter.started_us = START_US;
  note->encounter.ended_us = START_US + 17 * MINUTES_US;
  bed_handover_set (&note->encounter.typed_name, "Anna Vogel");
  bed_handover_set (&note->encounter.place, "At home, Lindenstr. 4, Potsdam");
  bed_handover_set (&note->encounter.path, "direct");
  note->encounter.verification = BED_VERIFICATION_MATCHED;
  add_consent (note, words->language);
  return note;
}

static const char *const loinc[4] = { "61150-9", "61149-1", "51848-0", "18776-5" };

static void
soap (BedHandover *note, const BedHandoverWords *words, const char *const texts[4])
{
  for (guint i = 0; i < 4; i++)
    bed_handover_add_section (note, words->words[BED_WORD_SUBJECTIVE + i], texts[i], loinc[i]);
}

static void
sign_note (BedHandover *note, gboolean verified)
{
  note->state = BED_NOTE_SIGNED;
  note->signature = sign (7, note->author.name, START_US + 20 * MINUTES_US,
                          "canonical form of the note", verified);
}

/* --- Samples ---------------------------------------------------------------------------------- */

static BedHandover *
make_short (void)
{
  static const char *const texts[4] = {
    "Cough for five days, worse at night. No fever. Slept badly.\n\nTakes ramipril 5 mg.",
    "Speaks in full sentences. No visible distress. Temperature 36.9 °C (own thermometer).",
    "Viral bronchitis, likely. No sign of pneumonia on video; limits of the examination explained.",
    "Fluids, rest, honey. Call back in three days, or at once with fever over 38.5 °C or breathlessness.",
  };
  BedHandover *note = base (&export_words_english);

  soap (note, &export_words_english, texts);
  sign_note (note, TRUE);
  return note;
}

static BedHandover *
make_draft (void)
{
  static const char *const texts[4] = { "Headache <b>since Monday</b> & \"pressure\" behind the eyes; BP 150/95 > usual.", "", "", "" };
  BedHandover *note = base (&export_words_english);

  soap (note, &export_words_english, texts);
  note->kind = BED_HANDOVER_PROGRESS_NOTE;
  note->encounter.state = BED_ENCOUNTER_IN_PROGRESS;
  note->encounter.ended_us = 0;
  note->encounter.verification = BED_VERIFICATION_NOT_CHECKED;
  bed_handover_set (&note->encounter.path, "relayed");
  return note;
}

static char *
paragraphs (guint n, const char *topic)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 1; i <= n; i++)
    g_string_append_printf (
        text,
        "%u. %s. The course was described in the patient’s own words and repeated back. Onset was "
        "gradual over the last weeks, with better days between; climbing stairs and lying flat make "
        "it worse, resting helps within minutes. No chest pain, no fainting, no swelling of the legs "
        "that would stay over night. Medication is taken as prescribed, with two doses missed in the "
        "last month. Sleep is interrupted once or twice a night.\n\n",
        i, topic);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static BedHandover *
make_long (void)
{
  g_autofree char *history = paragraphs (11, "History");
  g_autofree char *findings = paragraphs (8, "Findings");
  g_autofree char *thoughts = paragraphs (7, "Assessment");
  g_autofree char *plan = paragraphs (9, "Step of the plan");
  const char *const texts[4] = { history, findings, thoughts, plan };
  BedHandover *note = base (&export_words_english);
  static const char letter[] = "A letter from the hospital.\n";
  g_autoptr (GBytes) data = g_bytes_new_static (letter, strlen (letter));

  soap (note, &export_words_english, texts);
  sign_note (note, TRUE);
  bed_handover_set (&note->patient.identifiers,
                    "https://clinic.example/patients|M-10482\nurn:oid:2.16.840.1.113883.4.1|999-12-3456");
  bed_handover_add_attachment (note, "6f1c1c5e-0d2a-4f53-9d6e-0a4c5a1b2c0a", "letter.txt", "text/plain",
                               START_US + 3 * MINUTES_US, data);
  bed_handover_add_message (note, START_US + 4 * MINUTES_US, TRUE, "Here is the letter.");
  bed_handover_add_message (note, START_US + 5 * MINUTES_US, FALSE,
                            "Thank you, I can read it. Which of the tablets do you take in the evening?");
  return note;
}

static BedHandover *
make_amended (void)
{
  BedHandover *note = make_short ();
  BedHandoverAddendum *addendum;

  note->state = BED_NOTE_AMENDED;
  bed_handover_add_version (note, 1, "Dr. Maria Weber", "", START_US + 20 * MINUTES_US);
  bed_handover_add_version (note, 2, "Dr. Maria Weber", "Result arrived", START_US + 26 * 60 * MINUTES_US);
  note->made_us = START_US + 48 * 60 * MINUTES_US;
  addendum = bed_handover_add_addendum (note, "6f1c1c5e-0d2a-4f53-9d6e-0a4c5a1b2c11", "Dr. Maria Weber",
                                        "Result arrived",
                                        "CRP 6 mg/l, reported by the laboratory today. No change of the plan.",
                                        START_US + 26 * 60 * MINUTES_US);
  addendum->signature = sign (7, "Dr. Maria Weber", START_US + 26 * 60 * MINUTES_US, "canonical form 2", TRUE);
  addendum = bed_handover_add_addendum (note, "6f1c1c5e-0d2a-4f53-9d6e-0a4c5a1b2c12", "Dr. Jonas Ebert", "Call by the patient",
                                        "Called during the weekend: better, no fever.",
                                        START_US + 30 * 60 * MINUTES_US);
  addendum->signature = sign (8, "Dr. Jonas Ebert", START_US + 30 * 60 * MINUTES_US, "canonical form 3", FALSE);
  return note;
}

static BedHandover *
make_german (void)
{
  static const char *const texts[4] = {
    "Seit fünf Tagen Husten, nachts stärker. Kein Fieber. Schläft schlecht; die Blutdruckmesswerteübersicht "
    "liegt bei. Nimmt Hydrochlorothiazid und Acetylsalicylsäure.",
    "Spricht in ganzen Sätzen, keine sichtbare Atemnot. Gewicht 71 kg, Größe 1,68 m.",
    "Wahrscheinlich virale Bronchitis (J20.9). Differenzialdiagnose: Lungenentzündung, im Video ohne Anhalt.",
    "• Viel trinken, Ruhe\n• Rückruf in drei Tagen\n• Sofort melden bei Fieber über 38,5 °C oder Luftnot",
  };
  BedHandover *note = base (&words_german);

  bed_handover_set (&note->patient.name, "Änne Groß-Schönhauser");
  bed_handover_set (&note->author.clinic, "Gemeinschaftspraxis für Allgemeinmedizin am Müggelsee");
  bed_handover_set (&note->encounter.typed_name, "Änne Groß");
  soap (note, &words_german, texts);
  sign_note (note, TRUE);
  return note;
}

static BedHandover *
make_arabic (void)
{
  static const char *const texts[4] = {
    "سعال منذ خمسة أيام يزداد ليلاً. لا توجد حمى. النوم متقطع.\n\nيتناول ramipril بجرعة 5 mg يومياً.",
    "يتكلم بجمل كاملة. لا ضيق ظاهر في التنفس. الحرارة 36.9 درجة مئوية.",
    "التهاب قصبات فيروسي على الأرجح.",
    "سوائل وراحة. معاودة الاتصال بعد ثلاثة أيام، أو فوراً عند ارتفاع الحرارة فوق 38.5.",
  };
  BedHandover *note = base (&words_arabic);

  bed_handover_set (&note->patient.name, "ليلى حداد");
  bed_handover_set (&note->encounter.typed_name, "ليلى حداد");
  bed_handover_set (&note->encounter.place, "في المنزل، برلين");
  bed_handover_set (&note->author.name, "د. سامي منصور");
  bed_handover_set (&note->author.clinic, "عيادة النهر");
  soap (note, &words_arabic, texts);
  sign_note (note, TRUE);
  return note;
}

/* Signed for Anna Vogel, who has another name, birth date and number in the record since. */
static BedHandover *
make_renamed (void)
{
  BedHandover *note = make_short ();

  note->patient.changed = TRUE;
  bed_handover_set (&note->patient.identifiers,
                    "https://clinic.example/patients|M-10482\nhttps://insurer.example|A1");
  bed_handover_set (&note->patient.name_now, "Anna Amsel");
  bed_handover_set (&note->patient.birth_date_now, "1948-09-03");
  bed_handover_set (&note->patient.identifiers_now,
                    "https://insurer.example|A1\nhttps://clinic.example/patients|M-20733");
  return note;
}

/* The patient agreed to words that nobody at the clinic knew. */
static BedHandover *
make_unknown_text (void)
{
  BedHandover *note = make_short ();
  BedPatientConsent *unknown
      = bed_patient_consent_copy_unknown (g_ptr_array_index (note->consents, 0));

  g_ptr_array_set_size (note->consents, 0);
  g_ptr_array_add (note->consents, unknown);
  return note;
}

/* What nobody would type and somebody will. */
static BedHandover *
make_hostile (void)
{
  static const char *const texts[4] = {
    "]]> <script>alert(1)</script> &amp; \"quotes\" 'and' \x01\x1b[31mred\x7f </div> {page}",
    "   \n\n\t\n",
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    "emoji 👩🏽‍⚕️ and \xef\xbf\xbe noncharacter, 漢字とかな混じりの長い文章が空白なしで続いていくときにも行が折り返されることを確かめるための文です。",
  };
  BedHandover *note = base (&export_words_english);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  soap (note, &export_words_english, texts);
  bed_handover_set (&note->patient.name, "Robert'); DROP <i>TABLE</i> & {time}");
  bed_handover_set (&note->patient.birth_date, "unknown");
  bed_handover_set (&note->patient.identifiers, "not a uri|A 1\n|\n||x|\nplain");
  bed_handover_set (&note->patient.uuid, "no uuid");
  bed_handover_set (&note->author.clinic, "");
  bed_handover_set (&note->author.name, "");
  bed_handover_add_attachment (note, "x", "a<b>.bin", "application/octet-stream", START_US, nothing);
  return note;
}

const ExportSample export_samples[] = {
  { "short", &export_words_english, make_short },   { "draft", &export_words_english, make_draft },
  { "long", &export_words_english, make_long },     { "amended", &export_words_english, make_amended },
  { "german", &words_german, make_german },         { "arabic", &words_arabic, make_arabic },
  { "renamed", &export_words_english, make_renamed },
  { "unknown-text", &export_words_english, make_unknown_text }, { "hostile", &export_words_english, make_hostile },
};
const guint n_export_samples = G_N_ELEMENTS (export_samples);

char *
export_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("bed-export-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
export_folder_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

BedSecret *
export_secret (const char *text)
{
  return bed_secret_new (text, strlen (text));
}
