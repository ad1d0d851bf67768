"""How mail programs introduce the mail they quote: patterns only.

Lines are matched after `plain_line`, so no pattern has to know no-break spaces, direction marks,
asterisks of converted bold type or quote prefixes.

**Source:** the reply and forward templates of Gmail, Outlook (desktop, web, mobile), Apple Mail,
Yahoo, Thunderbird, Proton, Zoho, Horde, Samsung and Roundcube in the languages named.
"""

import re

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000\t]")

VERBS = (
    r"wrote|writes|escribió|escribio|escribi[óo]'?|escribía|ha escrito|escrito por|escreveu|"
    r"a écrit|a ecrit|écrit|schrieb|geschrieben|ha scritto|scritto|skrev|schreef|geschreven|"
    r"napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|kirjoitti|va escriure|ha escrit|escribiu|idatzi du|"
    r"написал\(?а?\)?|пишет|писал\(?а?\)?|yazdı|scrisese|a scris|írta"
)
VERB = re.compile(r"(?i)(?<!\w)(?:" + VERBS + r")(?!\w)")

_SEPARATOR_WORDS = (
    r"original message|forwarded message|original appointment|reply message|forwarded by|"
    r"mensaje original|mensaje reenviado|mensaje de respuesta|mensaje citado|cita original|"
    r"mensagem original|mensagem encaminhada|mensagem reencaminhada|mensagem de resposta|"
    r"message d[’']origine|message original|message transféré|message transmis|message réexpédié|"
    r"ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche mail|"
    r"weitergeleitete nachricht|messaggio originale|messaggio inoltrato|messaggio inviato|"
    r"oprindelig meddelelse|oprindelig besked|videresendt|opprinnelig melding|"
    r"ursprungligt meddelande|originalmeddelande|vidarebefordrat|oorspronkelijk bericht|"
    r"doorgestuurd bericht|wiadomość oryginalna|oryginalna wiadomość|missatge original|"
    r"missatge reenviat|mensaxe orixinal|исходное сообщение|пересылаемое сообщение|"
    r"original e-?mail|correo original|e-mail original|forwarded mail"
)
SEPARATOR = re.compile(
    r"(?i)^(?:[-_=—–~]{1,}\s*(?:" + _SEPARATOR_WORDS + r")\b[^\n]{0,80}|"
    r"(?:" + _SEPARATOR_WORDS + r")\s*[-_=—–]{3,}|"
    r"(?:begin forwarded message|inicio del mensaje reenviado|início da mensagem (?:re)?"
    r"encaminhada|inicio da mensagem (?:re)?encaminhada|début du message (?:réexpédié|transféré)|"
    r"anfang der weitergeleiteten nachricht|inizio messaggio inoltrato|"
    r"mensaje reenviado|start på vidarebefordrat|begin doorgestuurd bericht)\s*:)"
)
FORWARD_SEPARATOR = re.compile(
    r"(?i)^(?:[-_=—–~]{2,}\s*)?(?:begin )?(?:forwarded (?:message|mail)|"
    r"(?:inicio del )?mensaje reenviado|(?:in[íi]cio da )?mensagem (?:re)?encaminhada|"
    r"(?:début du )?message (?:transféré|transmis|réexpédié)|"
    r"(?:anfang der )?weitergeleiteten? nachricht|(?:inizio )?messaggio inoltrato|"
    r"(?:begin )?doorgestuurd bericht|videresendt|vidarebefordrat|missatge reenviat|"
    r"пересылаемое сообщение)\b"
)
ABOVE_LINE = re.compile(
    r"(?i)^[#=*_ -]{0,12}(?:please )?(?:type|write|enter|add)? ?(?:your )?(?:reply|respond|answer|"
    r"escrib[ae] (?:tu|su) respuesta|responde|por favor,? escrib[ae] (?:tu|su) respuesta|"
    r"escreva (?:a )?sua resposta|digite (?:a )?sua resposta)"
    r" (?:above|por encima de|encima de|sobre|acima d[ea]) (?:this|esta|la|desta|sta|dessa)? "
    r"?l[ií]n[eh]a?"
)

LABELS = {
    "from": r"from|de|von|da|od|fra|från|van|expéditeur|remitente|mittente|absender|remetente|"
    r"od|от|lähettäjä|feladó|emisor|enviado por",
    "sent": r"sent|date|enviados?(?: el| em| a las)?|fecha|fecha de envío|data|data de envio|"
    r"envoyé(?: le)?|gesendet|datum|inviato|sendt|dato|skickat|verzonden|wysłano|data invio|"
    r"дата|отправлено|enviada(?: em)?|envoyé à|received|recibido",
    "to": r"to|para|à|an|a|til|till|aan|do|pour|destinatario|destinataire|кому|empfänger",
    "cc": r"cc|cco|bcc|c\.c\.|copia|cópia|kopie|kopia|reply-to|responder a|importance|importancia",
    "subject": r"subject|asunto|assunto|objet|betreff|oggetto|emne|ämne|onderwerp|temat|тема|"
    r"re|assumpte",
}
LABEL = re.compile(
    r"(?i)^(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in LABELS.items())
    + r") ?[:：](?:\s|$|\S)"
)
STARTER = re.compile(
    r"(?i)^[-–— ]{0,8}(?:on|el|em|no dia|na|a|le|am|il(?: giorno)?|in data|den|op|dnia|w dniu|"
    r"ons|vào|al|la|mon|tue|wed|thu|fri|sat|sun|\d{1,4}[-./年 ]|quoting|citando|"
    r"mensaje citado por|"
    r"(?:lun|mar|mi[ée]|jue|vie|s[áa]b|dom|seg|ter|qua|qui|sex)[\w.áé-]{0,10},?)(?=[\s,.\d]|$)"
)
DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|"
    r"\b(?:19|20)\d\d[-/.年]"
)
TIMED = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
MAILBOX = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,64}\.[\w.-]{1,190}")
# Yahoo on Android writes the introduction and the quoted mail into one line.
INLINE_INTRO = re.compile(
    r"(?i)^(?:on|el|em|le|am|il) [^<>\n]{5,200}<[\w.+%-]{1,64}@[\w.-]{1,200}>[,)]{0,2} {0,2}(?:"
    + VERBS
    + r") ?:"
)
QUOTING = re.compile(r"(?i)^(?:quoting|citando(?: a)?|mensaje citado por|zitat von|citation de)\b")
DATE_MAILBOX = re.compile(
    r"^(?:\d{4}[-/年]|.{0,40}\d{1,2}[:.]\d\d).{0,120}[<\[(]?[\w.+%-]+@[\w.-]+[>\])]*:?$"
)


def plain_line(text: str) -> str:
    """A line as the patterns see it."""
    if not text.isascii():
        text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    elif "\t" in text:
        text = text.replace("\t", " ")
    text = text.strip()
    if "*" in text:
        text = text.replace("*", "").strip()
    return text


def label_of(line: str) -> str:
    """Which header label a line of a quoted header block begins with, '' when none."""
    if ":" not in line[:24] and "：" not in line[:24]:
        return ""
    match = LABEL.match(line)
    return (match.lastgroup or "") if match else ""
