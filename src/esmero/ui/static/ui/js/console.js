// What the team's pages use.
import "./es-due.js";
import "./es-menu.js";
import "./es-dialog.js";
import "./es-theme.js";
import "./es-autosave.js";
import "./es-files.js";
import "./es-keys.js";
import "./es-toast.js";
import "./es-fold.js";
