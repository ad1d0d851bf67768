"""The command line's texts in Spanish: English text → Spanish text."""

from esmero.config.cli.es_inside import INSIDE

TEXTS: dict[str, str] = {
    **INSIDE,
    # the commands
    "start everything on this machine": "arranca todo en este equipo",
    "set up the shop, with or without questions": "configura la tienda, con preguntas o sin ellas",
    "add, test and list mailboxes": "añade, prueba y muestra los buzones",
    "file mails from .eml, mbox and Maildir": "archiva correos de .eml, mbox y Maildir",
    "write conversations, messages, promises, customers or events as JSON lines": (
        "escribe conversaciones, mensajes, promesas, clientes o hechos en líneas JSON"
    ),
    "bring articles in from files, or write them into files": (
        "trae artículos de archivos o los escribe en archivos"
    ),
    "check this installation and say what to do": "revisa esta instalación y dice qué hacer",
    "write everything into one file, while it runs": ("guarda todo en un archivo, sin parar nada"),
    "put a backup into an empty data folder": "restaura una copia en una carpeta vacía",
    "back up, migrate, and roll back when that fails": (
        "hace una copia, migra y, si falla, vuelve atrás"
    ),
    "serve the pages only (grown installations)": (
        "solo sirve las páginas (instalaciones grandes)"
    ),
    "do the background work only (grown installations)": (
        "solo hace el trabajo de fondo (instalaciones grandes)"
    ),
    "fetch, accept and send mail only (grown installations)": (
        "solo recoge, recibe y envía correo (instalaciones grandes)"
    ),
    "find articles by their meaning only (grown installations)": (
        "solo busca artículos por lo que significan (instalaciones grandes)"
    ),
    "bring the database to the state of this version": (
        "lleva la base de datos al estado de esta versión"
    ),
    "check the code: style, types, contracts, tests": (
        "revisa el código: estilo, tipos, contratos, pruebas"
    ),
    "measure speed and compare it with the targets": (
        "mide la velocidad y la compara con los objetivos"
    ),
    "bring the catalogues up to the code (developers)": (
        "pone los catálogos al día con el código (desarrollo)"
    ),
    "write migrations for changed models (developers)": (
        "escribe las migraciones de los modelos cambiados (desarrollo)"
    ),
    "run one of Django's own commands (developers)": (
        "ejecuta una orden propia de Django (desarrollo)"
    ),
    "Customer service that keeps its promises.": (
        "Atención al cliente que cumple lo que promete."
    ),
    "COMMAND": "ORDEN",
    "print one JSON object": "imprime un objeto JSON",
    # before anything else
    "Stopping the database that an interrupted start has left…": (
        "Paro la base de datos que dejó un arranque interrumpido…"
    ),
    "The database is starting (after a crash this may take a while)…": (
        "La base de datos arranca (tras una caída puede tardar)…"
    ),
    "The restore into {data} was interrupted: run `esmero restore` again.": (
        "La restauración en {data} quedó a medias: ejecuta otra vez `esmero restore`."
    ),
    "Another command works on {data} right now.": (
        "Otra orden está trabajando ahora mismo con {data}."
    ),
    "Waiting for the database…": "Espero a la base de datos…",
    "Preparing the tables": "Preparo las tablas",
    # up
    "with a lifelike shop to look at; nothing is sent outside": (
        "con una tienda de muestra; nada sale de este equipo"
    ),
    "Preparing the database in {folder}…": "Preparo la base de datos en {folder}…",
    "Filling the demo shop": "Lleno la tienda de muestra",
    "{data} holds a real shop. For the demo take another folder: "
    "ESMERO_DATA=./demo ./esmero up --demo": (
        "{data} contiene una tienda de verdad. Para la muestra usa otra carpeta: "
        "ESMERO_DATA=./demo ./esmero up --demo"
    ),
    "The demo is for this machine only (its passwords are known): ESMERO_BIND is "
    "{bind}; use 127.0.0.1.": (
        "La muestra es solo para este equipo (sus contraseñas son públicas): ESMERO_BIND es "
        "{bind}; usa 127.0.0.1."
    ),
    "The data come from a newer version of Esmero ({names}). Start that version, or "
    "restore a backup of this one.": (
        "Los datos son de una versión más nueva de Esmero ({names}). Arranca esa versión o "
        "restaura una copia de esta."
    ),
    "Esmero already runs on {data}: {url} (process {pid}).": (
        "Esmero ya está en marcha con {data}: {url} (proceso {pid})."
    ),
    "Esmero is already starting on {data}.": "Esmero ya está arrancando con {data}.",
    "Waiting for another command on the same data…": "Espero a otra orden con los mismos datos…",
    "Waiting for an interrupted start to give the port back…": (
        "Espero a que un arranque interrumpido suelte el puerto…"
    ),
    "Port {port} is taken by another program. Stop that one, or choose: PORT=8080 ./esmero up": (
        "El puerto {port} lo ocupa otro programa. Ciérralo o elige otro: PORT=8080 ./esmero up"
    ),
    "Port {port} is taken.": "El puerto {port} está ocupado.",
    "Esmero could not start (see above).": "Esmero no pudo arrancar (mira más arriba).",
    "Esmero is running: {url} (started in {seconds} s)": (
        "Esmero está en marcha: {url} (arrancó en {seconds} s)"
    ),
    "First visit: set up the shop at {link}": "Primera visita: configura la tienda en {link}",
    "  The team works at {url}/c/ and customers see {url}/": (
        "  El equipo trabaja en {url}/c/ y los clientes ven {url}/"
    ),
    "The demo shop sends nothing outside. Sign in as:": (
        "La tienda de muestra no envía nada fuera. Entra como:"
    ),
    "Ctrl-C stops it.": "Ctrl-C la para.",
    "Running (started in {seconds} s).": "En marcha (arrancó en {seconds} s).",
    "{name}: running again (process {pid}).": "{name}: otra vez en marcha (proceso {pid}).",
    "{name}: ended ({what}); again in {pause} s.": (
        "{name}: terminó ({what}); vuelve en {pause} s."
    ),
    "{name}: did not end by itself and was killed.": "{name}: no terminó solo y lo he matado.",
    "The database ended; again in {pause} s.": ("La base de datos terminó; vuelve en {pause} s."),
    "The database does not start: {problem}": "La base de datos no arranca: {problem}",
    "Stopping… (a second Ctrl-C does not wait)": "Parando… (otro Ctrl-C no espera)",
    "Serving on {address}": "Sirvo en {address}",
    "No database: set DATABASE_URL, or start everything on this machine with `esmero up`.": (
        "No hay base de datos: indica DATABASE_URL o arranca todo en este equipo con `esmero up`."
    ),
    "The database lacks {count} migrations: run `esmero migrate` first.": (
        "A la base de datos le faltan {count} migraciones: ejecuta antes `esmero migrate`."
    ),
    # migrate
    "only say whether any is missing": "solo dice si falta alguna",
    "The database is up to date.": "La base de datos está al día.",
    "  {number}/{of} {name}": "  {number}/{of} {name}",
    # setup
    "name of the shop": "nombre de la tienda",
    "two letters: ES, MX, CO…": "dos letras: ES, MX, CO…",
    "for regional holidays: MD, CT, JAL…": "para los festivos regionales: MD, CT, JAL…",
    "of the customers": "de los clientes",
    "time zone: Europe/Madrid…": "zona horaria: Europe/Madrid…",
    "address of the first administrator": "correo de la primera persona administradora",
    "name of the first administrator": "nombre de la primera persona administradora",
    "file with the administrator's password (else ESMERO_ADMIN_PASSWORD)": (
        "archivo con su contraseña (si no, ESMERO_ADMIN_PASSWORD)"
    ),
    "opening hours: {example}": "horario: {example}",
    "ask nothing": "no pregunta nada",
    "only print a link to the wizard": "solo imprime un enlace al asistente",
    "Name of the shop": "Nombre de la tienda",
    "Country": "País",
    "Time zone": "Zona horaria",
    "Your address": "Tu correo",
    "Your name": "Tu nombre",
    "Opening hours": "Horario",
    "Password (10 characters or more; empty: codes by mail): ": (
        "Contraseña (10 caracteres o más; vacía: códigos por correo): "
    ),
    "{option} is missing.": "Falta {option}.",
    "--hours: {part} is not understood.": "--hours: no entiendo {part}.",
    "The shop is set up already; change it in the console.": (
        "La tienda ya está configurada; cámbiala en la consola."
    ),
    "{name} is set up. Sign in as {email}.": "{name} está lista. Entra como {email}.",
    # mailbox
    "connect a mailbox": "conecta un buzón",
    "where mail is fetched": "de dónde se recoge el correo",
    "where mail is sent": "por dónde se envía el correo",
    "how the connection is protected; without, by the port": (
        "cómo se protege la conexión; si no, según el puerto"
    ),
    "without, the address": "si no, la dirección",
    "file with the password (else ESMERO_MAILBOX_PASSWORD, else asked for)": (
        "archivo con la contraseña (si no, ESMERO_MAILBOX_PASSWORD; si no, se pregunta)"
    ),
    "as customers see the sender": "cómo ven los clientes al remitente",
    "short name of the department that answers": "nombre corto del departamento que responde",
    "what of the mail that is there: none (default), all, or that of the last days": (
        "qué se toma del correo que ya hay: nada (lo normal), todo o el de los últimos días"
    ),
    "do not follow the folder of sent mail": "no sigue la carpeta de enviados",
    "esmero mailbox test {address} sends two mails there and back.": (
        "esmero mailbox test {address} envía dos correos de ida y vuelta."
    ),
    "connect without trying it first": "conecta sin probarlo antes",
    "try to sign in, to fetch and to send": "prueba a entrar, recoger y enviar",
    "without, all of them": "si no, todos",
    "show the mailboxes and how they do": "muestra los buzones y cómo están",
    "{address} is connected already.": "{address} ya está conectado.",
    "{address} is connected; its mail is fetched from now on.": (
        "{address} está conectado; desde ahora se recoge su correo."
    ),
    "Not connected. Mend this, or use --no-test.": (
        "No está conectado. Arréglalo o usa --no-test."
    ),
    "There is no mailbox {address}.": "No hay ningún buzón {address}.",
    "No mailbox yet: esmero mailbox add ADDRESS --imap HOST --smtp HOST": (
        "Todavía no hay buzones: esmero mailbox add DIRECCIÓN --imap SERVIDOR --smtp SERVIDOR"
    ),
    "There is no department {slug}; there are: {names}": (
        "No hay ningún departamento {slug}; hay: {names}"
    ),
    "--take: {text} is neither from_now, all nor days.": (
        "--take: {text} no es from_now, ni all, ni un número de días."
    ),
    "{kind}: port {port} says nothing about protection: using none. "
    "--{kind}-security changes that.": (
        "{kind}: el puerto {port} no dice cómo protegerse: voy sin protección. "
        "Cámbialo con --{kind}-security."
    ),
    "Password of the mailbox: ": "Contraseña del buzón: ",
    "ok": "bien",
    "switched off": "apagado",
    # ingest and export
    "files and folders": "archivos y carpetas",
    "treat them as arriving now: with promises and acknowledgements": (
        "como si llegaran ahora: con promesas y acuses de recibo"
    ),
    "address of the mailbox they came to": "dirección del buzón al que llegaron",
    "{path} is not there.": "{path} no existe.",
    "Storing": "Guardo",
    "Filing": "Archivo",
    "Not read: {problem}": "Sin leer: {problem}",
    "{found} mails found, {filed} filed, {duplicates} were there already, "
    "{quarantined} need a look (quarantine).": (
        "{found} correos encontrados, {filed} archivados, {duplicates} ya estaban, "
        "{quarantined} por revisar (cuarentena)."
    ),
    "what to write": "qué se escribe",
    "a new file; without, to the screen": "un archivo nuevo; si no, en pantalla",
    "Exporting": "Exporto",
    "{file}: {count} rows.": "{file}: {count} filas.",
    # for developers
    "folders of the package; without, all": "carpetas del paquete; si no, todas",
    "only list what is wrong": "solo muestra lo que está mal",
    "{folder}: {new} new, {gone} gone": "{folder}: {new} nuevos, {gone} fuera",
    "also slow tests and all journeys": "también las pruebas lentas y todos los recorridos",
    "on the PostgreSQL 15 of Debian ({path})": "con el PostgreSQL 15 de Debian ({path})",
    "only these tests, without the other checks": "solo estas pruebas, sin lo demás",
    "({program} is not installed)": "({program} no está instalado)",
    "SKIPPED: journeys need {names}. On Debian: apt-get install {names}": (
        "SIN PROBAR: los recorridos necesitan {names}. En Debian: apt-get install {names}"
    ),
    "Installing for the journeys: {names}…": "Instalo para los recorridos: {names}…",
    "which one": "cuál",
    "the same figures on less data, within 45 s": (
        "las mismas cifras con menos datos, en menos de 45 s"
    ),
    "of everything random": "de todo lo aleatorio",
    "The benchmarks are not part of this installation.": (
        "Las mediciones no vienen en esta instalación."
    ),
    # knowledge
    "WHAT": "QUÉ",
    "bring articles in from CSV, Markdown, HTML, a zip": (
        "trae artículos de CSV, Markdown, HTML o un zip"
    ),
    "say line by line what would happen": "dice línea a línea qué pasaría",
    "where a file names none": "si un archivo no lo dice",
    "write all articles into a new folder, zip or CSV": (
        "escribe todos los artículos en una carpeta, un zip o un CSV nuevos"
    ),
    "a new folder, or a new file .zip or .csv": (
        "una carpeta nueva, o un archivo nuevo .zip o .csv"
    ),
    "{new} would be new, {changed} changed; nothing was written.": (
        "{new} serían nuevos y {changed} cambiarían; no se ha escrito nada."
    ),
    "{new} are new, {changed} changed.": "{new} son nuevos y {changed} han cambiado.",
    "{path} is there already.": "{path} ya existe.",
    "{file}: {count} texts.": "{file}: {count} textos.",
}
