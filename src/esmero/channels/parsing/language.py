"""Which of Esmero's languages a text is written in, by its small words."""

import re

from esmero.channels.parsing.words import word_set

_WORDS = {
    "es": word_set(
    "el la los las un una que de en y por con para del al se su lo mi me no si sí pero como "
        "más este esta muy hola gracias buenos buenas días tardes pedido quiero puedo ustedes "
        "todavía cuándo cómo dónde está ha he hay nos les le saludo saludos usted también ya "
        "quisiera llegado envío compra desde porque cuando hasta sin sobre"
),
    "pt": word_set(
    "o a os as um uma que de em e por com para do da dos das no na nos nas se seu sua meu "
        "minha não sim mas como mais este esta muito olá obrigado obrigada bom boa dia tarde "
        "noite "
        "pedido quero posso vocês ainda quando onde está foi tem ao à às pelo pela você também já "
        "gostaria chegou envio compra desde porque até sem sobre abraço encomenda são isso"
),
    "en": word_set(
    "the a an of to and in is it you that for on with as are this be have was at by not or "
        "from but what can your my me we i hi hello thanks thank please order would could when "
        "where how has been still do does did will regards if there any yet"
),
}  # fmt: skip
_OWN = {
    "es": re.compile(r"[ñ¿¡]|\b\w+ción\b"),
    "pt": re.compile(r"[ãõç]|\bvocê|\w+ções?\b"),
}
# Letters that none of the three languages uses.
_FOREIGN = re.compile(
    r"[äöëßåøæœčćšžřěůłńśźżąęőűğşțăа-яёα-ωא-ת\u0600-\u06ff\u3040-\u9fff\uac00-\ud7af]"
)
_TOKEN = re.compile(r"[^\W\d_]+")
_HINT = re.compile(r"(?i)^\s*(es|en|pt)\b")


def detect_language(text: str, hint: str = "") -> str:
    """'es', 'en', 'pt' or '' when the text does not tell. `hint` is a Content-Language value."""
    text = text[:3_000].lower()
    tokens = _TOKEN.findall(text)
    scores = {name: 0.0 for name in _WORDS}
    for name, words in _WORDS.items():
        scores[name] = float(sum(token in words for token in tokens))
    for name, pattern in _OWN.items():
        scores[name] += 1.5 * min(4, len(pattern.findall(text)))
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (best, score), (_, second) = ranked[0], ranked[1]
    enough = score >= max(1.0, 0.12 * len(tokens)) and (len(tokens) < 4 or score >= 2)
    if enough and score > second and len(_FOREIGN.findall(text)) <= 0.01 * len(text):
        return best
    match = _HINT.match(hint)
    return match[1].lower() if match else ""
