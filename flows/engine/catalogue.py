"""Every problem an author can be told: code, sentence and way out, in plain Dutch for people who never programmed.

Words between braces are filled in per problem. Every code has a broken script in tests/flows/engine/cases/
and a place in flows/GIDS.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    sentence: str
    way_out: str


def _entries(**entries: tuple[str, str]) -> dict[str, Entry]:
    return {code.replace("_", "-"): Entry(*words) for code, words in entries.items()}


_QUOTE_ALL = "Zet de hele tekst tussen aanhalingstekens."

_FILE = _entries(
    too_big=("Het bestand is te groot.", "Maak er meer gesprekken van, elk kleiner dan {limit} KB."),
    not_utf8=("Het bestand bevat tekens die we niet kunnen lezen.", "Bewaar het opnieuw als UTF-8."),
    empty_script=("Het bestand is leeg.", "Begin met de regel 'spec: 1'. In GIDS.md staat een voorbeeld."),
    yaml_syntax=(
        "Hier klopt de opbouw van het bestand niet.",
        "Kijk of deze regel en de regel erboven even ver inspringen. Kijk ook naar aanhalingstekens en haakjes.",
    ),
    yaml_tab=("Hier staat een tab.", "Spring in met spaties."),
    yaml_colon=(
        "Hier staat een dubbele punt op een plek waar dat niet kan.",
        "Zet de hele tekst tussen aanhalingstekens, of kijk of de regel goed inspringt.",
    ),
    quote_open=(
        "Hier begint een aanhalingsteken ({quote}) dat niet op deze regel eindigt.",
        "Zet er aan het eind ook een, of haal dit weg.",
    ),
    missing_colon=(
        "In '{written}' ontbreekt een dubbele punt, of de spatie erachter.",
        "Schrijf het zoals 'say: Hoi.', of bij de naam van een stap 'naam:'.",
    ),
    brace_first=("Deze tekst begint met een accolade. Dan leest het bestand iets anders.", _QUOTE_ALL),
    yaml_alias=(
        "Verwijzingen zoals '{what}' kunnen niet.",
        "Schrijf de tekst gewoon uit, of zet hem tussen aanhalingstekens.",
    ),
    yaml_tag=(
        "Een label zoals '{what}' kan niet.",
        "Haal het uitroepteken weg, of zet de tekst tussen aanhalingstekens.",
    ),
    double_key=("'{key}' staat hier voor de tweede keer.", "Haal er een weg. De eerste staat op regel {first}."),
    too_deep=("Hier is te diep ingesprongen.", "Een gesprek heeft nooit meer dan {limit} lagen nodig."),
)

_SHAPE = _entries(
    unknown_key=("'{wrong}' kennen we hier niet.", "Hier kan staan: {allowed}."),
    step_inside_step=(
        "'{wrong}' kennen we hier niet.",
        "Hier kan staan: {allowed}. Is het een nieuwe stap? Schuif hem dan naar links, tot twee spaties.",
    ),
    missing_key=("Hier ontbreekt '{key}'.", "Voeg een regel '{key}: …' toe."),
    text_with_colon=(
        "Hier hoort een tekst, maar door de dubbele punt na '{before}' leest het bestand iets anders.",
        _QUOTE_ALL,
    ),
    wrong_value=("Hier staat iets anders dan we verwachten.", "We verwachten {wanted}."),
    unknown_word=("'{wrong}' kennen we hier niet.", "Kies uit: {allowed}."),
    unknown_spec=("'spec: {spec}' kennen we niet.", "Schrijf 'spec: {current}'."),
    bad_name=(
        "'{name}' kan geen naam zijn.",
        "Gebruik kleine letters, cijfers en _, zonder spaties, met een letter voorop.",
    ),
    bad_flow_name=(
        "'{name}' kan geen naam van een gesprek zijn.",
        "Gebruik kleine letters, cijfers en streepjes, met een letter voorop.",
    ),
    reserved_name=("De naam '{name}' heeft al een betekenis.", "Kies een andere naam."),
    bad_duration=(
        "'{value}' is geen tijdsduur.",
        "Schrijf bijvoorbeeld '3 days', '4 hours' of '1 week', hooguit een jaar.",
    ),
    empty_text=("Hier ontbreekt een tekst.", "Vul hem in, of haal de regel weg."),
    no_steps=("Dit gesprek heeft geen stappen.", "Schrijf onder 'steps:' minstens een stap."),
    empty_step=("Deze stap doet niets.", "Vul hem, of haal hem weg."),
    one_question=(
        "Een stap stelt precies een soort vraag.",
        "Schrijf bijvoorbeeld 'ask: yesno'. Meer vragen: meer stappen.",
    ),
    unknown_question=("De vraagsoort '{wrong}' kennen we niet.", "Kies uit: {allowed}."),
    question_without_text=("Deze stap vraagt iets, maar zegt niets.", "Zet de vraag bij 'say:'."),
    optional_and_required=("Een vraag kan niet 'optional' en 'required' tegelijk zijn.", "Kies er een."),
    choices_count=("Hier staan {count} keuzes.", "Geef er minstens {least} en hooguit {most}."),
    same_label=("Twee knoppen heten '{label}'.", "Geef elke knop een eigen tekst."),
    bad_scale=(
        "Deze schaal klopt niet.",
        "Gebruik hele getallen van laag naar hoog, met woorden bij het eerste en het laatste, hooguit {most} punten.",
    ),
    bad_range=("'from: {least}' is groter dan 'to: {most}'.", "Draai de getallen om."),
    past_and_future=("Een datum kan niet 'past' en 'future' tegelijk zijn.", "Kies er een, of haal ze allebei weg."),
    unknown_effect=("De actie '{wrong}' kennen we niet.", "Kies uit: {allowed}."),
    bad_effect=("De actie '{name}' is niet goed ingevuld.", "Ze heeft nodig: {needed}."),
)

_MEANING = _entries(
    unknown_step=("De stap '{wrong}' bestaat niet.", "Noem een stap van dit gesprek."),
    unknown_flow=("Het gesprek '{wrong}' bestaat niet.", "Noem een gesprek uit deze map."),
    same_flow=("Het gesprek '{flow}' staat ook in {other}.", "Geef een van de twee een andere naam."),
    same_words=(
        "Met '{words}' begint ook het gesprek '{flow}', in {file}.",
        "Kies andere woorden voor een van de twee.",
    ),
    other_audience=(
        "Het gesprek '{flow}' is voor iemand anders: {other}.",
        "Roep alleen gesprekken aan voor {audience}.",
    ),
    flow_runs_itself=("Dit gesprek roept, met een omweg, zichzelf aan.", "Gebruik 'goto' om terug te gaan."),
    unknown_placeholder=(
        "'{braced}' kennen we niet.",
        "Gebruik een vaste naam, zoals 'name' of 'coach', of de naam van een stap met een vraag.",
    ),
    loose_brace=(
        "Hier staat een accolade zonder de andere helft.",
        "Schrijf een naam tussen twee accolades, of haal hem weg.",
    ),
    placeholder_on_button=(
        "De knop '{label}' heeft een naam tussen accolades.",
        "Een knop heeft een vaste tekst. Zet de naam in de vraag.",
    ),
    unknown_answer=("Er is geen antwoord '{wrong}'.", "Noem een stap van dit gesprek die iets vraagt."),
    answer_comes_later=(
        "Het antwoord op '{wrong}' kan hier nog niet bekend zijn.",
        "Noem een vraag die eerder komt, of gebruik 'last({wrong})'.",
    ),
    unknown_choice=("'{question}' heeft geen keuze '{wrong}'.", "Kies uit: {allowed}."),
    unknown_topic=("Het onderwerp '{wrong}' kennen we niet.", "Kies uit: {allowed}."),
    condition_syntax=(
        "De voorwaarde '{condition}' is niet te lezen.",
        "Schrijf bijvoorbeeld 'work <= 2', 'trouble is home' of 'answered(more)'.",
    ),
    type_mismatch=("'{name}' is {kind}; daar past '{sign}' niet bij.", "Gebruik hier {instead}."),
    wrong_argument=("'{wrong}' past niet bij '{argument}' van de actie '{effect}'.", "{instead}"),
    dead_end=("Hier houdt het gesprek zomaar op.", "Schrijf bij de laatste stap 'end: done', of een 'goto'."),
    unreachable_step=("De stap '{step}' wordt nooit bereikt.", "Verwijs ernaar met 'goto', of haal hem weg."),
    never_reached=(
        "Wat hierna staat gebeurt nooit.",
        "Zet de regel zonder 'when' als laatste, en haal 'end' weg als er altijd een 'goto' is.",
    ),
    loop_without_question=(
        "Dit gaat rond zonder iets te vragen.",
        "Zet een vraag in de kring, of ga naar een andere stap.",
    ),
)

_LANGUAGE = _entries(
    text_too_long=(
        "Deze tekst is {length} tekens. Telegram staat er {limit} toe.",
        "Maak hem korter, of maak er twee berichten van.",
    ),
    button_too_long=("De knop '{label}' is {length} tekens.", "Gebruik er hooguit {limit}."),
    two_questions=("Dit bericht stelt meer dan een vraag.", "Vraag een ding tegelijk."),
    long_sentence=(
        "Deze zin heeft {count} woorden: '{sentence}'",
        "Gebruik er hooguit {limit}. Maak er twee zinnen van.",
    ),
    passive=(
        "In deze zin staat '{found}': '{sentence}'",
        "Zeg wie het doet, zoals: 'Ilse belt je' in plaats van 'Je wordt gebeld'.",
    ),
    literal_number=(
        "Hier staat een telefoonnummer: '{found}'.",
        "Zet het in numbers.yaml. Schrijf hier de naam die het daar heeft, tussen accolades en met number. ervoor.",
    ),
    u_and_je=("In dit gesprek staan 'u' en 'je' door elkaar.", "Kies een van de twee, in het hele gesprek."),
    do_not_ask=("Dit mogen we niet vragen: '{found}'.", "{why}"),
    opening_not_neutral=(
        "Het eerste bericht mag niets verklappen: '{braced}' kan daar niet.",
        "Gebruik hier alleen de naam. De telefoon kan open op tafel liggen.",
    ),
)

CATALOGUE: Mapping[str, Entry] = {**_FILE, **_SHAPE, **_MEANING, **_LANGUAGE}
