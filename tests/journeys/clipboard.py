"""What programs put on the clipboard, as a browser hands it to a page."""

# Word 365 for Windows: its islands, its lists as paragraphs, its table.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=Generator content="Microsoft Word 15"><style><!--
 /* Font Definitions */ @font-face {font-family:Wingdings;} p.MsoNormal {margin:0cm;} --></style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml>
<![endif]--></head><body lang=ES style='tab-interval:35.4pt;word-wrap:break-word'>
<!--StartFragment-->
<h1 style='margin-top:12.0pt'><span style='font-family:"Calibri Light",sans-serif'>Cómo
devolver<o:p></o:p></span></h1>
<p class=MsoNormal><span style='font-size:11.0pt;font-family:"Calibri",sans-serif;color:black'>Puedes
devolver <b style='mso-bidi-font-weight:normal'>cualquier pieza</b> en <i>30 días</i>.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Embálala bien<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span><![endif]>con papel<o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>Escríbenos<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;border:none'>
<tr style='mso-yfti-irow:0'><td width=300 valign=top style='width:225pt;border:solid windowtext 1.0pt'>
<p class=MsoNormal><b>País<o:p></o:p></b></p></td><td width=300 valign=top><p class=MsoNormal><b>Plazo<o:p></o:p></b></p></td></tr>
<tr style='mso-yfti-irow:1'><td><p class=MsoNormal>España<o:p></o:p></p></td><td><p class=MsoNormal>2 días<o:p></o:p></p></td></tr></table>
<!--EndFragment--></body></html>"""
WORD_CLEAN = (
    "<h2>Cómo devolver</h2>"
    "<p>Puedes devolver <strong>cualquier pieza</strong> en <em>30 días</em>.</p>"
    "<ul><li>Embálala bien<ul><li>con papel</li></ul></li></ul><ol><li>Escríbenos</li></ol>"
    "<table><tbody><tr><th>País</th><th>Plazo</th></tr>"
    "<tr><td>España</td><td>2 días</td></tr></tbody></table>"
)

# Gmail in Chromium: lines as div, colours, a tracking picture, a signature, what it quotes.
GMAIL = """<meta http-equiv="content-type" content="text/html; charset=utf-8">
<div style="color: rgb(34, 34, 34); font-family: Arial; font-size: small; font-weight: 400; white-space: normal;">
Hola:</div><div style="color: rgb(34, 34, 34);"><br></div>
<div>Te mandamos la <span style="font-weight: bold;">etiqueta</span> por
<a href="https://correo.example/etiqueta" target="_blank" style="color: rgb(17, 85, 204);">aquí</a>.</div>
<img src="https://seguimiento.example/p.gif" width="1" height="1">
<img src="https://correo.example/foto.jpg" alt="foto" width="300">
<div><br></div><div dir="ltr" class="gmail_signature"><div>Lola<br>Candil</div></div>
<div class="gmail_quote"><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">¿Me la mandáis?</blockquote></div>"""
GMAIL_CLEAN = (
    "<p>Hola:</p><p>Te mandamos la <strong>etiqueta</strong> por "
    '<a href="https://correo.example/etiqueta">aquí</a>.</p>'
    "<blockquote>¿Me la mandáis?</blockquote>"
)

# What Google Docs wraps everything in: a bold that is none.
DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
    '<p dir="ltr" style="line-height:1.38"><span style="font-weight:700">Uno</span>'
    '<span style="font-style:italic;font-weight:400"> dos</span></p><br>'
    '<ul style="margin-top:0"><li dir="ltr"><p dir="ltr"><span>a</span></p></li></ul></b>'
)
DOCS_CLEAN = "<p><strong>Uno</strong><em> dos</em></p><ul><li>a</li></ul>"

PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const page = document.querySelector("[data-page]");
  page.focus();
  page.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
PASTE_PICTURE = """async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2400, 1200];
  canvas.getContext("2d").fillRect(0, 0, 2400, 600);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const data = new DataTransfer();
  data.items.add(new File([blob], "caja.png", { type: "image/png" }));
  const page = document.querySelector("[data-page]");
  page.focus();
  page.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
