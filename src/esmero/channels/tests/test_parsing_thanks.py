"""Mere thanks, as customers write them in three languages, and what only looks like it."""

from __future__ import annotations

import time

import pytest

from esmero.channels.parsing import is_mere_thanks

THANKS = """
Gracias por la rapidez.
Gracias por todo
Gracias por avisar.
Muchas gracias por la información.
Muchísimas gracias por vuestra ayuda!!
Mil gracias, Irene.
graciasss
GRACIAS!!!
Ok, perfecto, gracias
Vale, gracias
Perfecto. Gracias por la diligencia.
Perfecto, mil gracias :)
Genial, muchas gracias por la respuesta tan rápida
Estupendo, gracias por contestar
Ya está solucionado, gracias
Solucionado. Muchas gracias.
Todo arreglado, gracias!
Ya funciona, gracias
Ya me funciona perfectamente, mil gracias
Ha llegado todo perfecto. Gracias!
Ya me ha llegado, no pasa nada. Gracias por avisar.
Me ha llegado el paquete, muchas gracias
Llegó bien ayer, gracias
Recibido el dinero. Así sí.
Recibido. Impecable.
Ya lo tengo, gracias
Recibí el reembolso, muchas gracias
Tomo nota, gracias
Jajaja gracias, de parte de los dos.
De diez. Gracias loco
Eres un sol, gracias
Sois los mejores!
Dios los bendiga
Da gusto comprar así. Gracias
Qué rápidos, gracias!
Buenas tardes, muchas gracias por su amable respuesta.
Muy agradecida
Se agradece
No hay problema, gracias
Ya la tengo puesta. Dios os lo pague hija
Perfecto, quedo enterado. Un saludo
Eskerrik asko
Moltes gràcies
Moitas grazas!
👍👍 gracias
Thank you so much for your quick reply!
Thanks a lot, that's great
That's perfect, thank you!
Perfect, ta.
It works now, thank you!
It works perfectly now. Thanks for your help!
All sorted, thanks
It arrived safely yesterday. Many thanks!
Brilliant, thanks again
You're the best, thanks
You've made my day.
No worries, thanks
Thanks for the update
Much appreciated
Got it, thanks
Muito obrigada pelo atendimento!
Valeu mesmo!
Já chegou, obrigado
Chegou tudo certinho, obrigada!
Já recebi o reembolso, muito obrigado
Deu certo, obrigado!
Tudo resolvido, obrigada
Perfeito, muito obrigada pela ajuda
Obrigado pela rapidez
Boa tarde, muito obrigada.
Ótimo, obrigado
kkkk obrigada
""".strip().splitlines()

OTHERS = """
Gracias. Me mandáis la factura
Gracias, mándame la factura por favor
Gracias, cuando llega
Gracias cuándo me llega el pedido
Gracias, espero vuestra respuesta
Gracias, quedo a la espera
Gracias pero llegó tarde
Llegó tarde, gracias
Llegó rota
Ha llegado roto, gracias
Ha llegado la mitad
Llegó otra
Me ha llegado el paquete equivocado, gracias
Recibido el paquete vacío
Recibí el pedido incompleto
Ya está bien de esperar
Ya no funciona, gracias
Ya funciona pero hace ruido, gracias
No funciona bien, gracias
Va mal, gracias
Gracias por nada
Gracias. Y el otro
Gracias, falta una pieza
Gracias, quiero cancelar
Gracias, necesito otra
Se ha roto otra vez
Otra vez
Buenas tardes
Hola, buenas tardes
Jajaja
Así
Menos mal
Qué bien
Gracias, pido el de 60
Consejo honrado. La encargo.
Gracias, llámame
Gracias llamadme
Gracias, ¿llega hoy
Perfecto, y el reembolso
Perfecto, cuándo
Genial, dónde lo envío
Vale, entonces lo devuelvo
Ya está. Factura
Ok, cancelar
Thanks, where is it
Thanks, when does it ship
Thanks, but it arrived broken
It arrived broken, thanks
It works but it is loud
Thanks, it does not work
Thanks, please call me
Thanks, can you send the invoice
Great, how do I return it
Thanks for nothing
No, thanks
Obrigado, quando chega
Chegou quebrado, obrigado
Obrigado, mas falta uma peça
Obrigada, preciso da nota fiscal
Não recebi, obrigado
Recebi o pedido errado
Já chegou a fatura errada
""".strip().splitlines()


@pytest.mark.parametrize("text", THANKS)
def test_thanks_in_everyday_words_are_mere_thanks(text: str) -> None:
    assert is_mere_thanks(text, "") is True


@pytest.mark.parametrize("text", OTHERS)
def test_what_wants_something_is_never_swallowed(text: str) -> None:
    assert is_mere_thanks(text, "") is False


@pytest.mark.parametrize("text", THANKS)
@pytest.mark.parametrize(
    "more",
    ["?", " ¿Y la factura", "\n¿Cuándo llega?", ", pero no funciona", "\nMi pedido es el 1234"],
)
def test_thanks_with_something_more_are_not_mere(text: str, more: str) -> None:
    assert is_mere_thanks(text + more, "") is False


@pytest.mark.parametrize(
    "text",
    [
        "ja" * 119 + "x",
        "jajajajajajax " * 17,
        "ha llegado " * 21,
        "a" * 239,
        "ya " * 79,
        "rs" * 119,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()
    is_mere_thanks(text, "")
    assert time.process_time() - begun < 0.05


def test_a_signature_and_a_greeting_change_nothing() -> None:
    text = "Hola Irene,\n\nYa me ha llegado, muchas gracias.\n\nUn saludo,\nMarta Ruiz"
    assert is_mere_thanks(text, "es") is True
    assert is_mere_thanks(text.replace("muchas gracias", "pero roto"), "es") is False
