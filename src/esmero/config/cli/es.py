"""The command line's texts in Spanish: English text → Spanish text."""

TEXTS: dict[str, str] = {
    # the commands
    "start everything on this machine": "arranca todo en este equipo",
    "set up the shop, with or without questions": "configura la tienda, con preguntas o sin ellas",
    "add, test and list mailboxes": "añade, prueba y muestra los buzones",
    "file mails from .eml, mbox and Maildir": "archiva correos de .eml, mbox y Maildir",
    "write conversations, messages, promises, customers or events as JSON lines": (
        "escribe conversaciones, mensajes, promesas, clientes o hechos en líneas JSON"
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
    # backup, restore, upgrade
    "where to; without, a dated file in the data folder under backups/": (
        "dónde; si no, un archivo con la fecha en backups/ de la carpeta de datos"
    ),
    "file with the passphrase for the key (else ESMERO_BACKUP_PASSPHRASE)": (
        "archivo con la frase de paso de la clave (si no, ESMERO_BACKUP_PASSPHRASE)"
    ),
    "Writing the backup": "Escribo la copia",
    "{file}: {bytes} bytes, {rows} rows in {tables} tables, {files} files.": (
        "{file}: {bytes} bytes, {rows} filas en {tables} tablas, {files} archivos."
    ),
    "{count} files that rows name were already gone.": (
        "{count} archivos nombrados en la base de datos ya no estaban."
    ),
    "The key is not in it, because no passphrase was given (ESMERO_BACKUP_PASSPHRASE): "
    "keep {key} elsewhere, or mailbox passwords will have to be typed again.": (
        "La clave no va dentro, porque no hay frase de paso (ESMERO_BACKUP_PASSPHRASE): guarda "
        "{key} en otro sitio, o habrá que volver a escribir las contraseñas de los buzones."
    ),
    "the backup": "la copia",
    "Passphrase of the backup (empty: without the key): ": (
        "Frase de paso de la copia (vacía: sin la clave): "
    ),
    "Esmero runs on {data}: stop it first.": "Esmero está en marcha con {data}: páralo antes.",
    "Restoring": "Restauro",
    "Restored and compared: {rows} rows, {files} files.": (
        "Restaurado y comprobado: {rows} filas, {files} archivos."
    ),
    "DIFFERENT: {what}": "DISTINTO: {what}",
    "Without the key of that shop: mailbox and store passwords must be typed again, "
    "everybody signs in again, and links in mails sent before no longer open.": (
        "Sin la clave de aquella tienda: hay que volver a escribir las contraseñas de buzones y "
        "tiendas, todo el mundo entra de nuevo y los enlaces de correos anteriores ya no abren."
    ),
    "Upgraded: {count} migrations. The backup stays at {file}.": (
        "Actualizado: {count} migraciones. La copia queda en {file}."
    ),
    "Going on with the upgrade that was interrupted; its backup is {file}.": (
        "Sigo con la actualización interrumpida; su copia es {file}."
    ),
    "The upgrade failed: {problem}": "La actualización ha fallado: {problem}",
    "The data are as before. Start the version before, or report this.": (
        "Los datos están como antes. Arranca la versión anterior o cuéntanoslo."
    ),
    "The data come from a newer version of Esmero.": (
        "Los datos son de una versión más nueva de Esmero."
    ),
    "No backup, so no upgrade: {problem}": "Sin copia no actualizo: {problem}",
    "Could not go back by itself: {problem}. Restore {file} into a new folder with "
    "`esmero restore`.": (
        "No pude volver atrás: {problem}. Restaura {file} en una carpeta nueva con "
        "`esmero restore`."
    ),
    # doctor
    "nothing is there yet": "todavía no hay nada",
    "start it: esmero up": "arráncalo: esmero up",
    "see the log in {data}/postgres/log": "mira el registro en {data}/postgres/log",
    "report this: the check itself failed": "cuéntanoslo: falló la propia revisión",
    "{size} MB free": "{size} MB libres",
    "make room: without it mail is refused for the time being and nothing is stored": (
        "haz sitio: sin él se rechaza el correo por ahora y no se guarda nada"
    ),
    "{data} cannot be written": "no puedo escribir en {data}",
    "give this user the folder, or set ESMERO_DATA to another": (
        "da la carpeta a este usuario o indica otra en ESMERO_DATA"
    ),
    "given by ESMERO_SECRET_KEY": "viene de ESMERO_SECRET_KEY",
    "{path} can be read by others": "otros pueden leer {path}",
    "{path}, for its owner only": "{path}, solo para su dueño",
    "{url} is not encrypted": "{url} va sin cifrar",
    "put Caddy or nginx in front and set ESMERO_URL=https://…": (
        "pon Caddy o nginx delante e indica ESMERO_URL=https://…"
    ),
    "ESMERO_TRUSTED_PROXIES is empty, so every visitor seems to come from the proxy": (
        "ESMERO_TRUSTED_PROXIES está vacía: todas las visitas parecen venir del proxy"
    ),
    "set it to the proxy's address, for example 127.0.0.1": (
        "pon la dirección del proxy, por ejemplo 127.0.0.1"
    ),
    "not running on this folder": "no está en marcha con esta carpeta",
    "process {pid}, {url}": "proceso {pid}, {url}",
    "listens on {bind}, but links lead to {url}": (
        "escucha en {bind}, pero los enlaces llevan a {url}"
    ),
    "set ESMERO_URL to the public address: links in mails are made from it": (
        "pon en ESMERO_URL la dirección pública: de ella salen los enlaces de los correos"
    ),
    "esmero backup, daily, and copied to another place (docs/howto/backup.md)": (
        "esmero backup, a diario, y copiada a otro sitio (docs/howto/backup.md)"
    ),
    "{file}, {days} days old": "{file}, de hace {days} días",
    "none in {data}/backups": "ninguna en {data}/backups",
    "Esmero needs PostgreSQL 15 or newer": "Esmero necesita PostgreSQL 15 o posterior",
    "differs from the database's by {seconds} s": (
        "se aparta {seconds} s del de la base de datos"
    ),
    "let both machines set their clocks by NTP: promises are measured with them": (
        "pon los dos relojes en hora con NTP: con ellos se miden las promesas"
    ),
    "the extension {name} is missing": "falta la extensión {name}",
    "from a newer version ({name})": "de una versión más nueva ({name})",
    "install that version again": "instala de nuevo esa versión",
    "{count} migrations are missing": "faltan {count} migraciones",
    "up to date": "al día",
    "heard of within a minute": "da señales desde hace menos de un minuto",
    "not heard of for a minute": "no da señales desde hace más de un minuto",
    "look at the log of esmero up": "mira lo que dice esmero up",
    "none runs": "ninguno en marcha",
    "none is connected": "ninguno conectado",
    "try it: esmero mailbox test {address}": "pruébalo: esmero mailbox test {address}",
    "{address}: no mail for {hours} h, unusual for it": (
        "{address}: {hours} h sin correo, más de lo normal"
    ),
    "send a mail to it and see whether it arrives": "envíale un correo y mira si llega",
    "{count} mails wait for more than five minutes": (
        "{count} correos esperan desde hace más de cinco minutos"
    ),
    "start the worker: esmero up": "arranca el trabajo de fondo: esmero up",
    "nothing waits": "nada espera",
    "{count} mails in quarantine": "{count} correos en cuarentena",
    "look at them in the console, under mail": "míralos en la consola, en correo",
    "{count} mails could not be sent or are uncertain": (
        "{count} correos no se pudieron enviar o son dudosos"
    ),
    "look at them in the console, under outgoing mail": (
        "míralos en la consola, en correo saliente"
    ),
    "nothing is stuck": "nada atascado",
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
}
