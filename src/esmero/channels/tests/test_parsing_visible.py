"""The visible reply: quotes and signatures of real mail programs, in text and in HTML."""

import pytest

from esmero.channels.parsing import parse_mail
from esmero.channels.parsing.visible import split_html, split_text

QUOTED = "> Hola Ana:\n>\n> ¿Nos dice su número de pedido?\n>\n> Un saludo,\n> Tienda\n"

TEXTS = {
    "gmail es": (
        "Es el ES-1234.\n\nEl sáb, 21 nov 2026 a las 10:00, Tienda (<ayuda@example.com>) "
        "escribió:\n\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "gmail es, two lines": (
        "Es el ES-1234.\n\nEl sáb, 21 nov 2026 a las 10:00, Atención al cliente de la Tienda (<\n"
        "ayuda@example.com>) escribió:\n\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "gmail es, verb alone": (
        "Es el ES-1234.\n\nEl sáb., 21 de nov. de 2026 10:00 a. m., Atención al cliente "
        "<ayuda@example.com>\nescribió:\n\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "gmail es-419, invisible marks": (
        "Es el ES-1234.\n\nEl\u00a0sáb, 21\u202fnov 2026 a la(s) 10:00\u202fa.m., \u200eTienda "
        "(\u200eayuda@example.com) escribió:\u00a0\n\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "apple es": (
        "Es el ES-1234.\n\n> El 21 nov 2026, a las 10:00, Tienda <ayuda@example.com> escribió:\n"
        "> \n> Hola Ana:\n",
        "Es el ES-1234.",
    ),
    "iphone es": (
        "Es el ES-1234.\n\nEnviado desde mi iPhone\n\n> El 21 nov 2026, a las 10:00, Tienda "
        "<ayuda@example.com> escribió:\n> \n> \ufeffHola\n",
        "Es el ES-1234.",
    ),
    "thunderbird es": (
        "Es el ES-1234.\n\nEl 21/11/2026 a las 10:00, Tienda escribió:\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "thunderbird es, answer below": (
        "El 21/11/26 a las 10:00, Tienda escribió:\n" + QUOTED + "\nEs el ES-1234.\n",
        "Es el ES-1234.",
    ),
    "yahoo es": (
        "Es el ES-1234.\n\n    El sábado, 21 de noviembre de 2026, 10:00:00 CET, Tienda "
        "<ayuda@example.com> escribió:  \n \n Hola Ana:\n\n¿Nos dice su número de pedido?  ",
        "Es el ES-1234.",
    ),
    "outlook es": (
        "Es el ES-1234.\n\nDe: Tienda <ayuda@example.com>\nEnviado el: sábado, 21 de noviembre "
        "de 2026 10:00\nPara: Ana <ana@example.org>\nAsunto: RE: Pedido\n\nHola Ana:\n",
        "Es el ES-1234.",
    ),
    "outlook es, bold labels": (
        "Es el ES-1234.\n\n*De:* Tienda\n*Enviado:* sábado, 21 de noviembre de 2026 10:00\n"
        "*Para:* Ana\n*Asunto:* RE: Pedido\n\nHola Ana:\n",
        "Es el ES-1234.",
    ),
    "outlook web es, ruler": (
        "Es el ES-1234.\n________________________________\nDe: Tienda <ayuda@example.com>\n"
        "Enviado: sábado, 21 de noviembre de 2026 10:00\nPara: Ana <ana@example.org>\n"
        "Asunto: Re: Pedido\n\nHola Ana:\n",
        "Es el ES-1234.",
    ),
    "outlook mobile es": (
        "Es el ES-1234.\n\nObtener Outlook para iOS<https://aka.ms/o0ukef>\n"
        "________________________________\nDe: Tienda <ayuda@example.com>\n"
        "Enviado: Saturday, November 21, 2026 10:00:00 AM\nPara: Ana\nAsunto: Re: Pedido\n\nHola",
        "Es el ES-1234.",
    ),
    "outlook express es": (
        "Es el ES-1234.\n\n-----Mensaje original-----\nDe: Tienda [mailto:ayuda@example.com]\n"
        "Enviado el: sábado, 21 de noviembre de 2026 10:00\nPara: Ana\nAsunto: Pedido\n\nHola",
        "Es el ES-1234.",
    ),
    "samsung es": (
        "Es el ES-1234.\n\nEnviado desde mi Galaxy\n\n\n-------- Mensaje original --------\n"
        "De: Tienda <ayuda@example.com> \nFecha: 21/11/26  10:00  (GMT+01:00) \n"
        "Para: ana@example.org \nAsunto: Re: Pedido \n\nHola Ana:\n",
        "Es el ES-1234.",
    ),
    "proton es": (
        "Es el ES-1234.\n\nEnviado con el correo electrónico seguro de Proton Mail.\n\n"
        "El sábado, 21 de noviembre de 2026 a las 10:00, Tienda <ayuda@example.com> escribió:\n\n"
        + QUOTED,
        "Es el ES-1234.",
    ),
    "zoho es": (
        "Es el ES-1234.\n\n\n---- El sáb, 21 nov 2026 10:00:00 +0100 Tienda <ayuda@example.com> "
        "escribió ----\n\nHola Ana:\n",
        "Es el ES-1234.",
    ),
    "horde es": (
        "Es el ES-1234.\n\nTienda <ayuda@example.com> escribió:\n\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "roundcube es": (
        "Es el ES-1234.\n\nEl 2026-11-21 10:00, Tienda escribió:\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "verb before the date": (
        "Es el ES-1234.\n\nTienda <ayuda@example.com> escribió el sáb, 21 nov 2026 a las 10:00:\n"
        + QUOTED,
        "Es el ES-1234.",
    ),
    "gmail pt-br": (
        "É o pedido 77.\n\nEm sáb., 21 de nov. de 2026 às 10:00, Loja <ajuda@example.com>\n"
        "escreveu:\n\n> Olá Rita,\n>\n> Qual é o pedido?\n",
        "É o pedido 77.",
    ),
    "gmail pt-pt": (
        "É o pedido 77.\n\nLoja <ajuda@example.com> escreveu (sábado, 21/11/2026 à(s) 10:00):\n\n"
        "> Olá Rita,\n",
        "É o pedido 77.",
    ),
    "apple pt": (
        "É o pedido 77.\n\nEnviado do meu iPhone\n\n> No dia 21/11/2026, às 10:00, Loja "
        "<ajuda@example.com> escreveu:\n> \n> Olá Rita\n",
        "É o pedido 77.",
    ),
    "apple pt-br": (
        "É o pedido 77.\n\n> Em 21 de nov. de 2026, à(s) 10:00, Loja <ajuda@example.com> "
        "escreveu:\n> \n> Olá\n",
        "É o pedido 77.",
    ),
    "outlook pt": (
        "É o pedido 77.\n\nDe: Loja <ajuda@example.com>\nEnviado: sábado, 21 de novembro de 2026 "
        "10:00\nPara: Rita\nAssunto: RE: Pedido\n\nOlá Rita\n",
        "É o pedido 77.",
    ),
    "outlook pt-pt": (
        "É o pedido 77.\n\n-----Mensagem original-----\nDe: Loja\nEnviada: 21 de novembro de 2026 "
        "10:00\nPara: Rita\nAssunto: Pedido\n\nOlá\n",
        "É o pedido 77.",
    ),
    "thunderbird pt": (
        "É o pedido 77.\n\nEm 21/11/2026 10:00, Loja escreveu:\n> Olá\n",
        "É o pedido 77.",
    ),
    "thunderbird pt-pt": (
        "É o pedido 77.\n\nÀs 10:00 de 21/11/2026, Loja escreveu:\n> Olá\n",
        "É o pedido 77.",
    ),
    "yahoo pt": (
        "É o pedido 77.\n\n    Em sábado, 21 de novembro de 2026 10:00:00 BRT, Loja "
        "<ajuda@example.com> escreveu:  \n \n Olá Rita",
        "É o pedido 77.",
    ),
    "samsung pt": (
        "É o pedido 77.\n\nEnviado do meu Galaxy\n\n-------- Mensagem original --------\n"
        "De: Loja <ajuda@example.com>\nData: 21/11/2026 10:00 (GMT-03:00)\nPara: rita@example.org\n"
        "Assunto: Pedido\n\nOlá",
        "É o pedido 77.",
    ),
    "gmail en": (
        "It is 77.\n\nOn Sat, Nov 21, 2026 at 10:00 AM Shop <help@example.com> wrote:\n\n> Hi\n",
        "It is 77.",
    ),
    "outlook en": (
        "It is 77.\n\nFrom: Shop <help@example.com>\nSent: Saturday, November 21, 2026 10:00 AM\n"
        "To: Rita\nSubject: RE: Order\n\nHi\n",
        "It is 77.",
    ),
    "french": (
        "C'est le 77.\n\nLe sam. 21 nov. 2026 à 10:00, Boutique <aide@example.com> a écrit\u00a0:\n"
        "\n> Bonjour\n",
        "C'est le 77.",
    ),
    "german": (
        "Es ist 77.\n\nAm Sa., 21. Nov. 2026 um 10:00 Uhr schrieb Laden <hilfe@example.com>:\n\n"
        "> Hallo\n",
        "Es ist 77.",
    ),
    "italian": (
        "È il 77.\n\nIl giorno sab 21 nov 2026 alle ore 10:00 Negozio <aiuto@example.com> ha "
        "scritto:\n\n> Ciao\n",
        "È il 77.",
    ),
    "gmail es, three lines": (
        "Es el ES-1234.\n\nEl sáb, 21 nov 2026 a las 10:00, Departamento de Atención al Cliente\n"
        "de la Tienda Ejemplar de Zapatillas y Botas\n(<ayuda@example.com>) escribió:\n\n"
        + QUOTED,
        "Es el ES-1234.",
    ),
    "gmail of old": (
        "Es el ES-1234.\n\n2026-11-21 10:00 GMT+01:00 Tienda <ayuda@example.com>:\n\n" + QUOTED,
        "Es el ES-1234.",
    ),
    "groupwise": (
        "Es el ES-1234.\n\n>>> Tienda <ayuda@example.com> 21/11/26 10:00 >>>\nHola Ana:\n",
        "Es el ES-1234.",
    ),
    "zimbra es": (
        'Es el ES-1234.\n\nDe: "Tienda" <ayuda@example.com>\nPara: "Ana" <ana@example.org>\n'
        "Enviados: Sábado, 21 de Noviembre 2026 10:00:00\nAsunto: Pedido\n\nHola",
        "Es el ES-1234.",
    ),
    "em client es": (
        'Es el ES-1234.\n\n------ Mensaje original ------\nDe: "Tienda" <ayuda@example.com>\n'
        "Para: ana@example.org\nEnviado: 21/11/2026 10:00:00\nAsunto: Pedido\n\nHola",
        "Es el ES-1234.",
    ),
    "outlook mac es": (
        "Es el ES-1234.\n\nDe: Tienda <ayuda@example.com>\nFecha: sábado, 21 de noviembre de 2026, "
        "10:00\nPara: Ana <ana@example.org>\nAsunto: Re: Pedido\n\nHola",
        "Es el ES-1234.",
    ),
    "k-9 es": (
        "Es el ES-1234.\n\nEl 21 de noviembre de 2026 10:00:00 CET, Tienda <ayuda@example.com> "
        "escribió:\n>Hola Ana:\n\n-- \nEnviado desde mi dispositivo Android con K-9 Mail.",
        "Es el ES-1234.",
    ),
    "spark es": (
        "Es el ES-1234.\n\nEl 21 nov 2026 10:00 +0100, Tienda <ayuda@example.com>, escribió:\n"
        + QUOTED,
        "Es el ES-1234.",
    ),
    "yahoo ios es": (
        "Es el ES-1234.\n\nEnviado desde Yahoo Mail para iPhone\n\n\nEl El sáb, 21 nov 2026 a "
        "las 10:00, Tienda <ayuda@example.com> escribió:\n\nHola Ana:\n",
        "Es el ES-1234.",
    ),
    "sent by telephone": (
        "Es el ES-1234.\n\nMensaje enviado desde mi móvil\n",
        "Es el ES-1234.",
    ),
    "legal note es": (
        "Es el ES-1234.\n\nAna Pérez\n\nAVISO LEGAL: Este mensaje es confidencial y va dirigido "
        "solo a su destinatario.\nSi lo recibe por error, bórrelo.\n",
        "Es el ES-1234.\n\nAna Pérez",
    ),
    "legal note pt": (
        "É o pedido 77.\n\nEsta mensagem pode conter informação confidencial e destina-se "
        "exclusivamente ao seu destinatário.\n",
        "É o pedido 77.",
    ),
    "horde pt": (
        "É o pedido 77.\n\nCitando Loja <ajuda@example.com>:\n\n> Olá\n",
        "É o pedido 77.",
    ),
    "thanks above the telephone": (
        "Es el ES-1234.\n\nGracias\nEnviado desde mi iPhone\n",
        "Es el ES-1234.\n\nGracias",
    ),
    "name above the telephone": (
        "Es el ES-1234.\n\nAna Pérez\nEnviado desde mi iPhone\n",
        "Es el ES-1234.",
    ),
    "closing with a name on its line": (
        "Es el ES-1234.\n\nSaludos cordiales, Ana Pérez\n",
        "Es el ES-1234.",
    ),
    "closing from a city": ("Es el ES-1234.\n\nUn saludo desde Bogotá\n", "Es el ES-1234."),
    "yahoo android es": (
        "Es el ES-1234.\n\nEnviado desde Yahoo Mail para Android \n \n  El sáb., 21 de nov. de 2026 "
        "a la(s) 10:00 a. m., Tienda<ayuda@example.com> escribió:   Hola Ana, ¿qué tal?\n",
        "Es el ES-1234.",
    ),
    "yahoo android pt": (
        "É o pedido 77.\n\nEnviado do Yahoo Mail no Android \n \n  Em sáb., 21 de nov. de 2026 às "
        "10:00, Loja<ajuda@example.com> escreveu:   Olá Rita, tudo bem?\n",
        "É o pedido 77.",
    ),
    "old yahoo es": (
        "Es el ES-1234.\n\n--- El sáb, 21/11/26, Tienda <ayuda@example.com> escribió:\n\n"
        "De: Tienda\nAsunto: Pedido\nPara: ana@example.org\nFecha: sábado\n\nHola",
        "Es el ES-1234.",
    ),
    "a whole signature": (
        "Es el ES-1234.\n\nUn cordial saludo.\n\nAna Pérez\nC/ Mayor, 3 - 2.º A\n28013 Madrid\n"
        "Móvil: 600 000 000\n\nEl sáb, 21 nov 2026 a las 10:00, <ayuda@example.com> escribió:\n\n"
        + QUOTED,
        "Es el ES-1234.",
    ),
    "a signature without a closing": (
        "Es el ES-1234.\n\nAna Pérez\nJefa de compras\nTel: 600 000 000\nwww.example.org\n",
        "Es el ES-1234.",
    ),
    "type above this line": (
        "Es el ES-1234.\n\n##- Por favor, escribe tu respuesta por encima de esta línea -##\n\n"
        "Hola Ana",
        "Es el ES-1234.",
    ),
    "delimiter": ("Es el ES-1234.\n\n-- \nAna Pérez\nCalle Mayor 1\n", "Es el ES-1234."),
    "delimiter without its space": ("Es el ES-1234.\n\n--\nAna Pérez\n", "Es el ES-1234."),
    "delimiter above the quote": (
        "Es el ES-1234.\n\n-- \nAna Pérez\n\nEl 21/11/2026 a las 10:00, Tienda escribió:\n"
        + QUOTED,
        "Es el ES-1234.",
    ),
    "closing and contact data": (
        "Es el ES-1234.\n\nUn saludo,\nAna Pérez\nTel. +34 600 000 000\n",
        "Es el ES-1234.",
    ),
    "android es": ("Es el ES-1234.\n\nEnviado desde mi dispositivo Android.\n", "Es el ES-1234."),
    "yahoo mobile es": (
        "Es el ES-1234.\n\nEnviado desde Yahoo Mail para Android\n",
        "Es el ES-1234.",
    ),
    "outlook android pt": (
        "É o pedido 77.\n\nObter o Outlook para Android<https://aka.ms/AAb9ysg>\n",
        "É o pedido 77.",
    ),
    "mail for windows": (
        "Es el ES-1234.\n\nEnviado desde Correo para Windows\n\nDe: Tienda\nEnviado: sábado, 21 "
        "de noviembre de 2026 10:00\nPara: Ana\nAsunto: Pedido\n\nHola",
        "Es el ES-1234.",
    ),
    "interleaved": (
        "El 21/11/2026 a las 10:00, Tienda escribió:\n> ¿Qué talla?\n\nLa 42.\n\n> ¿Qué color?\n\n"
        "Azul.\n",
        "La 42.\n\nAzul.",
    ),
    "forward with a comment": (
        "¿Pueden mirarlo?\n\n---------- Forwarded message ---------\nDe: Luis <luis@example.org>\n"
        "Date: sáb, 21 nov 2026 a las 10:00\nSubject: Pedido\nTo: <ana@example.org>\n\nHola\n",
        "¿Pueden mirarlo?",
    ),
}

UNCUT = {
    "only a quote": "El 21/11/2026 a las 10:00, Tienda escribió:\n> Hola",
    "a sentence with the verb": (
        "Hola:\n\nEl cliente me escribió:\nquiere el azul.\n\n¿Lo tienen?"
    ),
    "a gift card": "Para la tarjeta:\n\nDe: Ana\nPara: Luis\nMensaje: felicidades",
    "a journey": "Envío:\n\nDe: Madrid\nPara: Lugo\nFecha: 3 de mayo\nPeso: 2 kg",
    "a list with dashes": "Quiero:\n\n- zapatillas 42\n- camiseta M",
    "thanks are content": "Recibido.\n\nGracias,\nAna",
    "my address": "Mi dirección nueva es:\n\nAna Pérez\nCalle Mayor 1\nana@example.org\n600000000",
    "sent from somewhere": "Enviado desde Madrid el lunes pasado, y todavía no ha llegado.",
    "only a closing": "Un saludo",
    "a notice of one's own": "Aviso importante: el lunes no estoy en casa.",
    "a legal question": "¿Este mensaje de aviso es normal?\n\nSale al pagar.",
    "sent by a courier": "El paquete me dicen que fue\nEnviado por MRW ayer",
    "a ruler between two thoughts": "Pedido 1\n------\nTalla 42\nAzul",
    "dashes between two thoughts": "Tengo una duda.\n\n--\n\n¿Cuándo llega?",
    "a greeting with content": "Hola, no ha llegado.\n\nSaludos, sigo esperando respuesta",
    "content after the closing": (
        "No ha llegado.\n\nUn saludo,\nAna\n\nEl martes no estoy en casa por la mañana"
    ),
    "a colour": "La quiero en este color:\n\n-Azul",
    "what a colleague wrote": (
        "El 3 de marzo de 2025 su compañero me escribió:\n\nLe devolvemos el dinero.\n\n¿Vale?"
    ),
    "from a colon": "Pedido: 12\nFecha: 3 de mayo\nDe: la web",
}


@pytest.mark.parametrize("name", TEXTS)
def test_split_text_cuts_quote_and_signature(name: str) -> None:
    body, expected = TEXTS[name]
    assert split_text(body)[0] == expected


@pytest.mark.parametrize("name", UNCUT)
def test_split_text_keeps_what_the_sender_wrote(name: str) -> None:
    assert split_text(UNCUT[name])[0] == UNCUT[name]


def test_split_text_returns_the_quote_apart() -> None:
    body = "Sí.\n\nEl 21/11/2026 a las 10:00, Tienda escribió:\n> ¿Seguro?\n"
    assert split_text(body) == (
        "Sí.",
        "El 21/11/2026 a las 10:00, Tienda escribió:\n> ¿Seguro?",
    )


HTMLS = {
    "gmail": (
        '<div dir="ltr">Es el <b>77</b>.</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">El sáb, 21 nov 2026 a las 10:00, Tienda (&lt;'
        '<a href="mailto:a@example.com">a@example.com</a>&gt;) escribió:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0"><div>Hola</div></blockquote></div>',
        "Es el 77.",
    ),
    "gmail signature": (
        '<div dir="ltr">Es el 77.<br clear="all"><div><br></div><span class="gmail_signature_'
        'prefix">-- </span><br><div dir="ltr" class="gmail_signature">Ana<br>Contable</div></div>',
        "Es el 77.",
    ),
    "outlook web": (
        '<div style="font-family:Calibri">Es el 77.</div><div id="appendonsend"></div><hr>'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>De:</b> Tienda<br><b>Enviado:'
        "</b> sábado<br><b>Para:</b> Ana<br><b>Asunto:</b> x</font></div><div>Hola</div>",
        "Es el 77.",
    ),
    "outlook desktop": (
        '<body><div class="WordSection1"><p class="MsoNormal">Es el 77.<o:p></o:p></p>'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div style="border:none;border-top:solid '
        '#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>De:</b> Tienda '
        "&lt;a@example.com&gt; <br><b>Enviado el:</b> sábado, 21 de noviembre de 2026 10:00<br>"
        "<b>Para:</b> Ana<br><b>Asunto:</b> RE: x<o:p></o:p></p></div><p>Hola</p></div></body>",
        "Es el 77.",
    ),
    "apple": (
        '<html><body>Es el 77.<div><br><blockquote type="cite"><div>El 21 nov 2026, a las 10:00,'
        " Tienda &lt;a@example.com&gt; escribió:</div><br><div>Hola</div></blockquote></div></body>",
        "Es el 77.",
    ),
    "iphone": (
        '<html><body dir="auto">Es el 77.<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">'
        'Enviado desde mi iPhone</div><div dir="ltr"><br><blockquote type="cite">El 21 nov 2026, '
        'a las 10:00, Tienda escribió:<br><br></blockquote></div><blockquote type="cite">'
        "<div>Hola</div></blockquote></body></html>",
        "Es el 77.",
    ),
    "yahoo": (
        '<div class="yahoo-style-wrap">Es el 77.</div><div id="yahoo_quoted_123" '
        'class="yahoo_quoted"><div>El sábado, 21 de noviembre de 2026, Tienda escribió:</div>'
        "<div>Hola</div></div>",
        "Es el 77.",
    ),
    "thunderbird, answer below": (
        '<div class="moz-cite-prefix">El 21/11/26 a las 10:00, Tienda escribió:<br></div>'
        '<blockquote type="cite" cite="mid:1@example.com"><p>¿Cuál?</p></blockquote>'
        "<p>Es el 77.</p>",
        "Es el 77.",
    ),
    "proton": (
        '<div>Es el 77.</div><div class="protonmail_signature_block">Enviado con Proton</div>'
        '<div class="protonmail_quote">El sábado Tienda escribió:<br><blockquote '
        'class="protonmail_quote" type="cite">Hola</blockquote></div>',
        "Es el 77.",
    ),
    "new outlook": (
        '<div>Es el 77.</div><div id="mail-editor-reference-message-container"><div>'
        "<b>De: </b>Tienda</div><div>Hola</div></div>",
        "Es el 77.",
    ),
    "a blockquote of one's own": (
        "<p>Pone esto:</p><blockquote>Error 5</blockquote><p>¿Qué hago?</p>",
        "Pone esto:\n\nError 5\n\n¿Qué hago?",
    ),
    "interleaved": (
        '<blockquote type="cite">¿Talla?</blockquote>La 42.<blockquote type="cite">¿Color?'
        "</blockquote>Azul.",
        "La 42.\n\nAzul.",
    ),
}


@pytest.mark.parametrize("name", HTMLS)
def test_split_html_cuts_by_markup_and_words(name: str) -> None:
    html, expected = HTMLS[name]
    assert split_html(html)[0] == expected


def test_split_html_cuts_the_markup_too() -> None:
    html, _ = HTMLS["gmail"]
    assert split_html(html)[2].startswith('<div dir="ltr">Es el <b>77</b>.</div>')
    assert "Hola" not in split_html(html)[2]
    assert "escribió" not in split_html(html)[2]


def test_parse_mail_lets_the_markup_decide_when_the_text_hides_its_quote() -> None:
    raw = (
        "From: ana@example.org\nTo: a@example.com\nMIME-Version: 1.0\n"
        "Content-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=utf-8\n\nEs el 77.\n\nTienda, sábado\n\nHola\n"
        "--b\nContent-Type: text/html; charset=utf-8\n\n<div>Es el 77.</div>"
        '<div class="yahoo_quoted">Tienda, sábado<br>Hola</div>\n--b--\n'
    ).encode()
    mail = parse_mail(raw)
    assert mail.visible_text == "Es el 77."
    assert mail.quoted_text == "Tienda, sábado\nHola"
    assert mail.text == "Es el 77.\n\nTienda, sábado\n\nHola"
