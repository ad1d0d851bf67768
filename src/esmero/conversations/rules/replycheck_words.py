"""What the reply check reads in a text, in Spanish and English: its patterns, all without accents.

Each is matched against a text in lower case whose accents are gone (`kernel.text.fold`).
"""

from __future__ import annotations

import re
from typing import Final


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


# "te adjunto", "van adjuntas", "I attach", "see the attached": this mail is said to carry a file.
SAYS_FILE: Final = re.compile(
    r"\b(?:(?:os|te|le|les|lo|la|los|las|se\s+l[oae]s?)\s+)?adjunt(?:o|amos|e|ado|ada|ados|adas|os|as|a)\b"
    r"|\ben\s+(?:el\s+)?(?:archivo|fichero|documento)\s+(?:que\s+(?:te|os|le|les)\s+(?:envio|mando|paso)|anexo)"
    r"|\b(?:anexo|adjuntando|adjuntandote|adjuntandole)\b"
    r"|\b(?:i|we)(?:'ve|\s+have|'m|\s+am|\s+are|'re)?\s+(?:also\s+)?(?:attach|attached|attaching|enclose|enclosed|enclosing)\b"
    r"|\b(?:please\s+)?(?:find|see)\s+(?:the\s+)?(?:attached|enclosed)\b"
    r"|\b(?:is|are)\s+(?:attached|enclosed)\b|\battached\s+(?:you|is|are|to\s+this|the|a|our)\b"
    r"|\bin\s+the\s+attach(?:ed|ment)\b"
)
# The same words about a file of the customer's: asked for, or come with her mail.
NOT_OURS: Final = re.compile(
    r"\b(?:que|como)\s+(?:nos\s+|me\s+)?(?:has\s+|habeis\s+|ha\s+|hayas\s+)?adjunt(?:as|aste|asteis|ado|ais|abas|o)\b"
    r"|\b(?:tu|tus|su|sus|vuestro|vuestros)\s+(?:archivos?\s+|fotos?\s+)?adjunt[oa]s?\b"
    r"|\badjunt(?:a|e|ad|en)(?:nos|me|nosl[oa]s?|mel[oa]s?|l[oa]s?)?\s+(?:por\s+favor|una?s?\b|l[oa]s?\s+(?:foto|imagen|factura|ticket)|tu|su|vuestr)"
    r"|\b(?:puedes?|podeis|podrias?|podriais|necesitamos\s+que|si)\s+(?:nos\s+|me\s+)?adjunt\w*"
    r"|\badjuntal[oa]s?\b|\badjuntan[ou]s\w*\b|\bno\s+(?:\w+\s+)?(?:hay|llego|venia|viene|vemos|veo)\s+(?:ningun\s+)?adjunto"
    r"|\bno\s+(?:te\s+|os\s+|le\s+)?adjunt\w+|\bsin\s+adjunt\w+"
    r"|\b(?:you|you've|you\s+have)\s+attached\b|\byour\s+attach\w+"
    r"|\b(?:could|can|would)\s+you\s+(?:please\s+)?attach\b|\bplease\s+attach\b|\bno\s+attachment\b"
)
# A word about a file, of whatever kind: enough where one is there.
TELLS_OF_FILE: Final = re.compile(
    r"\badjunt|\banex|\barchivo|\bfichero|\bfoto|\bimagen|\bpdf\b|\bfactura|\betiqueta|\bdocument"
    r"|\brecibo|\bjustificante|\balbaran|\bmanual\b|\binstrucciones|\bpresupuesto|\bplano\b|\bvideo"
    r"|\baqui\s+(?:tienes|teneis|tiene|va|van)|\b(?:te|os|le|les)\s+(?:mando|envio|paso|dejo|mandamos|enviamos|pasamos|dejamos)"
    r"|\bvan?\s+(?:con|en|las|los|la|el|aqui)\b"
    r"|\battach|\benclos|\bfiles?\b|\bphoto|\bpicture|\bimage|\binvoice|\blabel|\breceipt|\bguide\b"
    r"|\bhere\s+(?:is|are)\b|\bi(?:'m|\s+am)?\s+send"
)
GREETING: Final = re.compile(
    r"^[\s¡!¿\"«]*(?:hola|holaa+|ola|buen[oa]s?(?:\s+(?:dias?|tardes?|noches?))?\b|estimad|querid|apreciad|muy\s+buen|que\s+tal|saludos"
    r"|kaixo|egun\s+on|bon\s+dia|bo\s+dia|bona\s+tarda|hi\b|hello|hey\b|dear\b|good\s+(?:morning|afternoon|evening|day)|greetings)"
)
NAME_FIRST: Final = re.compile(
    r"^[\s¡]*[A-ZÁÉÍÓÚÑ][^\W\d_]+(?:\s+[A-ZÁÉÍÓÚÑ][^\W\d_]+){0,2}\s*[,:!\n]"
)
THANKS: Final = re.compile(r"\bgracias\b|\bagradec|\bthank|\bcheers\b|\beskerrik|\bgracies\b")
APOLOGY: Final = re.compile(
    r"\bperdon|\bdisculp|\blo\s+siento|\blo\s+sentimos|\bsiento\b|\bsentimos\b|\blament|\bentiendo|\bentendemos"
    r"|\bcomprend|\bque\s+rabia|\bque\s+pena|\btienes\s+(?:toda\s+la\s+)?razon|\btiene\s+(?:toda\s+la\s+)?razon|\bsorry\b|\bapolog"
    r"|\bunderstand\b|\bunderstandable\b|\byou(?:'re|\s+are)\s+right\b|\bregret"
)
HARSH: Final = re.compile(
    r"\bno\s+es\s+(?:nuestro|mi|asunto\s+nuestro)\s*(?:problema|culpa)?\b(?=.{0,12}(?:problema|culpa|asunto)|\s*[.!])"
    r"|\bno\s+es\s+(?:nuestro\s+problema|culpa\s+nuestra)|\bcomo\s+ya\s+(?:te|le|os|les)\s+(?:dije|dijimos|he\s+dicho|hemos\s+dicho|comente|comentamos|explique)"
    r"|\b(?:lea|lee|leed)\s+las\s+condiciones|\bno\s+podemos\s+hacer\s+nada|\bno\s+hay\s+nada\s+que\s+(?:hacer|podamos)"
    r"|\btranquiliz[ae]|\bcalmate|\bcalmese|\bes\s+lo\s+que\s+hay|\bhaber(?:lo|te|se)?\s+(?:pensado|leido|mirado)"
    r"|\bnot\s+our\s+(?:problem|fault)|\bas\s+i\s+(?:already\s+)?(?:said|told\s+you)|\bcalm\s+down|\bread\s+the\s+terms"
    r"|\bnothing\s+we\s+can\s+do|\byou\s+should\s+have\s+(?:read|checked|thought)"
)
COMPLAINS: Final = re.compile(
    r"\bqueja|\breclama|\bverguenza|\bindigna|\bdecepcion|\bestafa|\binaceptable|\binadmisible|\bharta?\b|\bhartos\b"
    r"|\benfadad|\bpesim|\bfatal\b|\bdenunci|\bexijo|\bestoy\s+muy\s+molest|\bfurios"
    r"|\bcomplain|\bdisappoint|\bunacceptable|\bdisgrace|\bangry\b|\bfurious|\bscam\b|\bterrible|\bawful|\bfed\s+up"
)
# A sentence that gives a word about what is to come.
COMMITS: Final = re.compile(
    r"\b(?:te|le|os|les|lo|la|los|las|se|nos)\s+(?:lo\s+|la\s+|los\s+|las\s+)?"
    r"(?:llam|escrib|dig|dec|mand|envi|cuent|cont|confirm|repon|devuelv|abon|avis|repar|arregl|cambi|recog|llev|entreg|sub|pas|respond|contest)"
    r"(?:o|amos|imos|emos|e|a|an|en)\b"
    r"|\b\w{2,}(?:are|ere|ire|dre|bre|rre|aremos|eremos|iremos|dremos|bremos|rremos|aras|eras|iras|dras|ara|dra|ira|aran|dran|iran|areis|dreis|ireis)\b"
    r"|\bvamos\s+a\b|\bvoy\s+a\b|\b(?:sale|salen|llega|llegan|recibes|recibis|tienes|teneis|queda|estara)\b"
    r"|\b(?:i|we|you|it|they|she|he|there)(?:'ll|\s+will|\s+shall)\b|\bgoing\s+to\b|\b(?:ships|arrives|leaves)\b|\bprometo|\bpromise"
)
PAST: Final = re.compile(
    r"\b(?:pasad[oa]|anterior|ayer|ultim[oa])\b|\b(?:salio|llego|recibimos|recibi|enviamos\s+ayer|mande|envie|hablamos|pediste|pidio|compraste|escribiste|dijiste|fue|era|estaba)\b"
    r"|\b(?:last|ago|yesterday|was|were|had|received|arrived|shipped|ordered)\b"
)
STOP_WORDS: Final = word_set(
    "como cuando donde cual cuales quien quienes cuanto cuanta cuantos para pero porque sobre "
    "este esta estos estas esto ese esa eso algo algun alguna todo toda todos tengo tiene "
    "tienen hacer puede pueden puedo podeis puedes seria hasta desde tambien solo otra otro "
    "otros muy mas bien ahora entonces gracias hola favor haber poder vosotros ustedes "
    "nosotros what when where which would could should have does about with from this that "
    "there their your please also just only will been can"
)
GENERIC_NAMES: Final = word_set(
    "de otra nuevo nueva todos todas equipo buenas buenos buen muy mil muchas gracias soy "
    "somos como que te le os les lo la el los las un una en por para si no ya aqui espero "
    "perdona siento disculpa ante antes sobre hemos he ha tu su amigo amiga senor senora sr "
    "sra don dona again all there team everyone everybody thank thanks sorry sir madam "
    "customer cliente mr mrs ms dr this we i it your the and good y dias tardes noches dia "
    "mira pues vale claro"
)
