"""The texts of backup, database and doctor in Spanish: English text → Spanish text."""

INSIDE: dict[str, str] = {
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
    "{what}: {said}": "{what}: {said}",
    "{file} is there already": "{file} ya existe",
    "the database does not answer: {said}": "la base de datos no contesta: {said}",
    "{file} is not a backup of Esmero": "{file} no es una copia de Esmero",
    "{file} was written by a newer version of Esmero": (
        "{file} es de una versión más nueva de Esmero"
    ),
    "{file} holds {name}, which is no part of a backup": (
        "{file} contiene {name}, que no es parte de una copia"
    ),
    "{file} is damaged: {what}": "{file} está dañado: {what}",
    "{file} is cut off: its end is missing": "{file} está cortado: le falta el final",
    "the passphrase does not open the key of this backup": (
        "la frase de paso no abre la clave de esta copia"
    ),
    "{folder} is not empty ({names}): restore into a new folder, "
    "for example ESMERO_DATA={folder}-restored": (
        "{folder} no está vacía ({names}): restaura en una carpeta nueva, "
        "por ejemplo ESMERO_DATA={folder}-restored"
    ),
    "{file} is of Esmero {version}, this is {own}: restore with that version or a newer one": (
        "{file} es de Esmero {version} y este es {own}: restaura con esa versión o una más nueva"
    ),
    "not all rows came back: {what}": "no han vuelto todas las filas: {what}",
    "the database is not empty: restore into a new one": (
        "la base de datos no está vacía: restaura en una nueva"
    ),
    # the database that Esmero brings along
    "ESMERO_PG_BIN: {folder} does not hold {programs}": (
        "ESMERO_PG_BIN: en {folder} no están {programs}"
    ),
    "ESMERO_PG_BIN: is PostgreSQL {found}, the data are of {major}": (
        "ESMERO_PG_BIN: es PostgreSQL {found}, los datos son de {major}"
    ),
    "no PostgreSQL of at least {oldest} is here ({there}): set DATABASE_URL or ESMERO_PG_BIN": (
        "aquí no hay PostgreSQL {oldest} o posterior ({there}): "
        "indica DATABASE_URL o ESMERO_PG_BIN"
    ),
    "the data are of PostgreSQL {major}, here is {there}: set ESMERO_PG_BIN to the folder of "
    "that version's programs, or restore a backup into an empty folder": (
        "los datos son de PostgreSQL {major} y aquí hay {there}: indica en ESMERO_PG_BIN la "
        "carpeta de los programas de esa versión o restaura una copia en una carpeta vacía"
    ),
    "PostgreSQL {version} is older than {oldest}": "PostgreSQL {version} es anterior a {oldest}",
    "{user} cannot execute {program}": "{user} no puede ejecutar {program}",
    "no place for the database's programs: {why}": (
        "no hay sitio para los programas de la base de datos: {why}"
    ),
    "user {uid} has no entry in /etc/passwd, and PostgreSQL needs one: add the user, or "
    "set DATABASE_URL to a PostgreSQL that runs elsewhere": (
        "el usuario {uid} no está en /etc/passwd y PostgreSQL lo necesita: añádelo o indica en "
        "DATABASE_URL un PostgreSQL de otro sitio"
    ),
    "{folder} belongs to {user}: run this command as that user": (
        "{folder} es de {user}: ejecuta esta orden con ese usuario"
    ),
    "PostgreSQL does not run as root, and there is no other user for it: "
    "set ESMERO_PG_USER to an existing unprivileged user": (
        "PostgreSQL no funciona como root y no hay otro usuario para él: indica en "
        "ESMERO_PG_USER un usuario sin privilegios"
    ),
    "{folder} is not empty and not a database": "{folder} no está vacía ni es una base de datos",
    "initdb: {said}": "initdb: {said}",
    "PostgreSQL did not start: {said}": "PostgreSQL no arrancó: {said}",
    "PostgreSQL of an earlier start does not end: {pids}": (
        "un PostgreSQL de otro arranque no termina: {pids}"
    ),
    "a PostgreSQL that is not ours runs on {folder} ({pid})": (
        "hay un PostgreSQL ajeno en marcha sobre {folder} ({pid})"
    ),
    "another process uses {folder}": "otro proceso usa {folder}",
    "{folder} is not a folder of {user}: remove it": "{folder} no es de {user}: bórrala",
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
    "{loop}: failed {count} times in a row": "{loop}: ha fallado {count} veces seguidas",
    "{count} reactions to events were given up": "{count} reacciones a sucesos abandonadas",
    "does the server run, and is DATABASE_URL right?": (
        "¿está en marcha el servidor y es correcto DATABASE_URL?"
    ),
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
}
