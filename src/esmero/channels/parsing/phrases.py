"""What people say in whole phrases when all is well, of words that alone could mean anything."""

import re

_NOUNS = (
    "dinero|paquete|pedido|reembolso|devolución|devolucion|abono|ingreso|correo|mensaje|factura"
    "|pieza|recambio|caja|envío|envio"
)
_HOW = "( (todo|bien|perfect[oa]|enter[oa]|hoy|ayer))*"
_SETTLED = (
    # Spanish
    rf"(ya )?(me |nos )?(ha|han) llegado( (el|la|mi) ({_NOUNS}))?( (hoy|ayer))?",
    rf"(ya )?(me |nos )?llegó( (el|la|mi) ({_NOUNS}))?{_HOW}",
    r"(ya )?(lo|la|los|las) ((tengo|tenemos)( puest[oa]s?)?|he recibido|hemos recibido|recibí)",
    rf"(ya )?(he |hemos )?recib(id[oa]s?|í)( (el|la|los|las|mi|su|tu) ({_NOUNS}))?",
    r"(ya )?(me )?(funciona|va|marcha|calienta)( (bien|perfecto|perfectamente|genial))+",
    r"ya (me )?(funciona|va|está)",
    r"(todo|queda|ya está|está) (arreglado|solucionado|resuelto|aclarado|claro|correcto)",
    r"(todo|queda|ya está|está) (bien|en orden)",
    r"(queda |bien )?resuelto",
    r"tomo nota",
    # English
    r"(it |they |all |everything )?(has |have )?(just )?arrived( (safely|today|yesterday|fine))*",
    r"(it|that|everything)('s|’s| is)? (works|worked|working|fixed|sorted|fine now|all good)",
    r"all (good|sorted|fixed|fine|clear)( now)?",
    # Portuguese
    r"(já )?chegou( (tudo|bem|certinho|direitinho|hoje|ontem))*",
    r"(já )?(recebi|recebemos)( (o|a) (dinheiro|pacote|pedido|reembolso|encomenda|estorno))?",
    r"(deu|tudo) certo",
    r"(está|tudo) (resolvido|funcionando)",
)
"""An answer in themselves: the matter is done."""
_KIND = (
    r"eskerrik asko",
    r"mila esker",
    r"me (has|ha|habéis|han) salvado( la vida)?",
    r"(que )?dios (os|los|te|le|les|se) (lo )?(pague|bendiga)",
    r"(eres|sois|son) (un sol|unos soles|una? crack|un genio|unos genios|un encanto|una joya)",
    r"(eres|sois|son) (una maravilla|lo máximo|el mejor|la mejor|l[oa]s mejores|muy amables?)",
    r"da gusto( comprar)?",
    r"se agradece",
    r"that('s|’s| is)? (great|perfect|lovely|brilliant|wonderful|fantastic|(very |so )?kind)",
    r"you('re|’re| are) (the best|a star|a legend|(too |very |so )kind|awesome)",
    r"(you('ve|’ve| have)? )?made my day",
    r"(i|we) appreciate it",
    r"(vocês são|você é) (ótimos|demais|os melhores|maravilhosos|incríveis|dez)",
    r"deus (te|lhe|vos|os) abençoe",
)
"""Thanks in other words."""
_NEUTRAL = (
    r"(buenas?|boas?) tardes?",
    r"otra vez",
    r"así( sí)?",
    r"(un )?lujo",
    r"de diez",
    r"mano de santo",
    r"a la primera",
    r"menos mal",
    r"madre mía",
    r"de parte de los dos",
    r"qué (bien|rápid[oa]s?|amables?|buen[oa]?|alegría|detalle|detallazo|maj[oa]s?|ilusión)",
    r"qué (fácil|facilidad|simpátic[oa]s?|maravilla|gusto|lujo|pasada|crack|eficacia|eficientes?)",
    r"que (bom|ótimo|maravilha|rapidez)",
    r"no (pasa nada|hay problema|hacía falta|hacia falta|hay de qué|se preocupen?|te preocupes)",
    r"(sin|sem) problemas?",
    r"no (worries|problem)",
    r"nota (dez|mil)",
    # Laughter and sighs. No repeat within a repeat: the text is hostile.
    r"a?j[aeij]{3,}",
    r"a?h[aeih]{3,}",
    r"k{3,}",
    r"(rs){2,}",
    r"ja|uf|ay|oh|ah",
)
"""Neither thanks nor a wish."""


def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    spaced = "|".join(phrases).replace("(", "(?:").replace(" ", r"\s+")
    return re.compile(rf"(?i)(?<!\w)(?:{spaced})(?!\w)")


SETTLED, KIND, NEUTRAL = _any(_SETTLED), _any(_KIND), _any(_NEUTRAL)
_SMILES = re.compile(r"[:;]-?[)D](?!\w)")
_DRAWN = re.compile(r"([^\W\d_])\1{2,}")


def without_phrases(line: str) -> tuple[str, bool]:
    """Return a line without what is known to be harmless, and whether thanks were among it.

    Letters drawn out ("graciasss") are those of the word.
    """
    line = _SMILES.sub(" ", _DRAWN.sub(r"\1", NEUTRAL.sub(" ", line)))
    line, settled = SETTLED.subn(" ", line)
    line, kind = KIND.subn(" ", line)
    return NEUTRAL.sub(" ", line), bool(settled or kind)
