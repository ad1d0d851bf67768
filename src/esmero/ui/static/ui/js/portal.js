// What the customers' pages use. A page works without any of it.
import "./es-due.js";
import "./es-menu.js";
import "./es-dialog.js";
import "./es-theme.js";
import "./es-autosave.js";
import "./es-files.js";
import "./es-toast.js";
import "./es-fold.js";
