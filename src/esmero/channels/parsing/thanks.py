"""Is a reply nothing but thanks? Then it needs no answer by a promised time."""

import re

from esmero.channels.parsing.phrases import without_phrases
from esmero.channels.parsing.quotes import plain_line
from esmero.channels.parsing.signatures import signature_lines
from esmero.channels.parsing.words import word_set

_MAX_CHARS = 240
_CORE = word_set(
    "gracias thanks thank thx ty obrigado obrigada obg valeu grato grata agradecido agradecida "
    "agradezco agradecemos agradeço cheers recibido recibida recebido received perfecto perfecta "
    "perfeito perfect genial great ok okay vale entendido entendi understood estupendo "
    "fenomenal excelente excellent ótimo awesome listo solucionado resolvido solved merci "
    "grax grcs grazas gràcies moltes moitas impecable estupenda fantástico fantastico "
    "fantástica maravilloso maravillosa maravilla increíble buenísimo buenisimo súper super "
    "encantada encantado contentísima contentísimo clarísimo arreglado arreglada "
    "appreciated brilliant lovely wonderful fantastic amazing superb sorted fixed ta legal show "
    "beleza maravilhoso maravilhosa maravilha gratidão"
)
_FILLER = word_set(
    "muchas muchísimas muchisimas mil mucho muy todo toda todos todas por la el su tu vuestra "
    "vuestro respuesta ayuda atención atencion rapidez pronta rápida rapida información "
    "informacion gestión gestion amabilidad interés interes confirmado de nuevo y a "
    "ambos usted ustedes vosotros ti equipo os les le lo bien hola buenas buenos días dias "
    "noches saludo saludos un una cordial cordiales abrazo feliz buen buena día dia "
    "noche fin semana igualmente quedo queda enterado enterada correo mensaje "
    "so very much many a lot the for your you help quick reply response support all i it got "
    "that this was is great have nice good day weekend and again really appreciate "
    "hi hello dear team best regards kind warm morning afternoon "
    "muito muita muitíssimo pela pelo pelas pelos ajuda resposta atenção atendimento retorno "
    "mais uma vez olá ola oi bom boa dia noite e o os as da do tudo certo um bem abraço "
    "cumprimentos rápido rapido informação equipe equipa mesmo demais já ja "
    "tan ya ahora claro clara fácil facil rápidos rapidos amables amable majo maja majos majas "
    "sincero sinceridad paciencia seriedad diligencia profesionalidad eficacia detalle trato "
    "servicio explicación explicacion consejo compañía consideración avisar avisarme contestar "
    "responder leerme escucharme ayudarme atenderme tío tio tía loco hija hijo niña niño guapa "
    "guapo amigo amiga amigos señor señora don doña mi aquí por parte "
    "now works working working perfectly perfect work service patience kindness guys folks "
    "everyone everything advice explanation update speedy brilliantly totally absolutely "
    "atendimento paciência gentileza atenciosa atencioso rapidez pessoal gente amigo amiga "
    "querida querido obrigadinha"
)
_GREETINGS = frozenset({"hola", "hi", "hello", "olá", "ola", "dear"})
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_MARKS = re.compile(r"[?¿]|\d|https?:|@")
_VERBISH = re.compile(
    r"(?i)(?:[aei]r|[aei]d|[aei]n|l[oae]s?|me|nos|se|ing|ed|ame|adme|em|am|ção|ción)$"
)
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d\U0001f1e6-\U0001f1ff]")
_HAPPY = frozenset("👍🙏😊😀😃😄🙂❤🥰👌💪🎉✅😁🤗💯👏🤝✨☺🧡💛💚💙💜")


def is_mere_thanks(text: str, language: str) -> bool:
    """Whether the visible text says nothing but thanks, received, fine.

    `language` ('es', 'en', 'pt' or '') is what `detect_language` said; short thanks are often
    too short for it, so all three vocabularies count, and any other known language answers no.
    Never true with a question, a number, a link or a word that is not known to be harmless.
    """
    if language not in ("", "es", "en", "pt") or len(text) > _MAX_CHARS:
        return False
    lines = [plain_line(line) for line in text.split("\n")]
    signed = signature_lines(lines)
    kept = [line for i, line in enumerate(lines) if line and i not in signed]
    gone = [line for i, line in enumerate(lines) if line and i in signed]
    # A phone number in a signature is no request; a question in it is.
    if any("?" in line or "¿" in line for line in gone):
        return False
    body = " \n ".join(kept)
    if _SENTENCE_MARKS.search(body):
        return False
    is_settled = False
    for number, line in enumerate(kept):
        kept[number], found = without_phrases(line)
        is_settled = is_settled or found
    emojis = _EMOJI.findall(body)
    has_core = bool(emojis) and all(e in _HAPPY or e in "\ufe0f\u200d" for e in emojis)
    for number, line in enumerate(kept):
        words = _WORD.findall(line)
        if number and number == len(kept) - 1 and _is_name(words):
            continue
        previous = ""
        for word in words:
            lower = word.lower()
            if lower in _CORE:
                has_core = True
            elif lower not in _FILLER:
                follows = previous in _CORE or previous in _GREETINGS
                follows = follows or (has_core and word is words[-1])
                if not (follows and _is_name([word]) and not line.isupper()):
                    return False
            previous = lower
    return has_core or is_settled


def _is_name(words: list[str]) -> bool:
    return 1 <= len(words) <= 4 and all(
        word[0].isupper() and not _VERBISH.search(word) and not (len(word) > 3 and word.isupper())
        for word in words
    )
